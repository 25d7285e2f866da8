using Headgate.Core.Config.Registries;
using Headgate.Core.Discovery;
using Headgate.Proxy.Registries.Consul;
using Headgate.Testing;
using Headgate.Testing.Registries.Consul;
using Microsoft.AspNetCore.Hosting;

namespace Headgate.Proxy.Tests.Registries.Consul;

/// <summary>Servers behind TLS: which are believed.</summary>
public sealed class ConsulTlsTests : IDisposable
{
    private readonly TestCertificates _certificates = new();

    public void Dispose() => _certificates.Dispose();

    [Fact]
    public async Task Test_CertificateOfNamedAuthority_IsBelieved()
    {
        await using ConsulTestServer server = await ConsulTestServer.StartAsync(listen: endpoint => endpoint.UseHttps(_certificates.Issue("127.0.0.1")));
        await using ConsulRegistryClient client = ConsulClients.Of(ConsulClients.Access(server) with { AuthoritiesPem = _certificates.AuthorityPem });
        await client.TestAsync(TestContext.Current.CancellationToken);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Test_CertificateExpiredOrOfUnknownAuthority_IsRefusedUnlessNotVerified(bool expired)
    {
        await using ConsulTestServer server = await ConsulTestServer.StartAsync(
            listen: endpoint => endpoint.UseHttps(expired ? _certificates.IssueExpired("127.0.0.1") : _certificates.Issue("127.0.0.1")));
        ConsulAccess access = ConsulClients.Access(server) with { AuthoritiesPem = expired ? _certificates.AuthorityPem : null };
        await using ConsulRegistryClient client = ConsulClients.Of(access);
        RegistryException failure = await Should.ThrowAsync<RegistryException>(() => client.TestAsync(TestContext.Current.CancellationToken));
        failure.Message.ShouldStartWith($"{server.Address}: The remote certificate is invalid because of errors in the certificate chain");

        await using ConsulRegistryClient careless = ConsulClients.Of(access with { VerifiesTls = false, AuthoritiesPem = null });
        await careless.TestAsync(TestContext.Current.CancellationToken);
    }
}
