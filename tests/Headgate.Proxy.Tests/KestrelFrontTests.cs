using Headgate.Proxy.Tests.Pipeline;
using Headgate.Proxy.Tests.Transport.Kestrel;

namespace Headgate.Proxy.Tests;

/// <summary>Kestrel does what the gateway's settings say, and nothing else.</summary>
public sealed class KestrelFrontTests
{
    [Fact]
    public async Task Start_VariablesOfAspNetCore_ChangeNothing()
    {
        (string Name, string Value)[] variables =
        [
            ("Kestrel__Endpoints__Extra__Url", "http://127.0.0.1:0"),
            ("ASPNETCORE_URLS", "http://127.0.0.1:0"),
            ("ASPNETCORE_Kestrel__Endpoints__Other__Url", "http://127.0.0.1:0"),
        ];
        foreach ((string name, string value) in variables)
            Environment.SetEnvironmentVariable(name, value);
        try
        {
            await using GatewayUnderTest gateway = await GatewayUnderTest.StartAsync();
            gateway.Plane.Addresses.Count.ShouldBe(1);
            await using FedFront fed = await FedFront.StartAsync(nodePort: 1);
            fed.Front.Addresses.Count.ShouldBe(1);
        }
        finally
        {
            foreach ((string name, _) in variables)
                Environment.SetEnvironmentVariable(name, null);
        }
    }
}
