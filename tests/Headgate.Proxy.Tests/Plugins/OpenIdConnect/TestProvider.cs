using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Headgate.Testing;

namespace Headgate.Proxy.Tests.Plugins.OpenIdConnect;

/// <summary>An identity provider on a real socket: its documents, and tokens that it signs with the framework's keys.</summary>
internal sealed class TestProvider : IAsyncDisposable
{
    private readonly ScriptedNode _node;
    private int _discoveries;
    private int _keyFetches;

    public TestProvider() => _node = ScriptedNode.Start(async peer =>
    {
        while (await peer.ReadHeadAsync() is { } head)
        {
            bool isKeys = head.StartsWith("GET /keys ", StringComparison.Ordinal);
            Interlocked.Increment(ref isKeys ? ref _keyFetches : ref _discoveries);
            await Gate.Task.WaitAsync(peer.Stopping);
            if (IsDown)
            {
                peer.Reset();
                return;
            }

            string body = isKeys ? Keys : Discovery ?? $$"""{"issuer":"{{Issuer}}","jwks_uri":"{{Url}}/keys","unknown":[1]}""";
            await peer.SendAsync($"HTTP/1.1 {Status} X\r\nLocation: /elsewhere\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}");
        }
    });

    public string Url => $"http://127.0.0.1:{_node.Port}";

    public string Issuer { get; } = "https://id.test/";

    /// <summary>The discovery document; null = one that is right.</summary>
    public string? Discovery { get; set; }

    /// <summary>The document of keys.</summary>
    public string Keys { get; set; } = """{"keys":[]}""";

    public int Status { get; set; } = 200;

    public bool IsDown { get; set; }

    /// <summary>Answers wait for it.</summary>
    public TaskCompletionSource Gate { get; set; } = Open();

    public int Discoveries => Volatile.Read(ref _discoveries);

    public int KeyFetches => Volatile.Read(ref _keyFetches);

    public static TaskCompletionSource Open()
    {
        var gate = new TaskCompletionSource();
        gate.SetResult();
        return gate;
    }

    /// <summary>Publishes keys.</summary>
    public void Publish(params object[] keys) => Keys = JsonSerializer.Serialize(new { keys });

    public static Dictionary<string, string> Jwk(RSA key, string? kid, string? alg = null)
    {
        RSAParameters numbers = key.ExportParameters(false);
        return Described(new() { ["kty"] = "RSA", ["n"] = Base64Url.EncodeToString(numbers.Modulus), ["e"] = Base64Url.EncodeToString(numbers.Exponent) }, kid, alg);
    }

    public static Dictionary<string, string> Jwk(ECDsa key, string? kid, string? alg = null)
    {
        ECParameters numbers = key.ExportParameters(false);
        return Described(new() { ["kty"] = "EC", ["crv"] = $"P-{key.KeySize}", ["x"] = Base64Url.EncodeToString(numbers.Q.X), ["y"] = Base64Url.EncodeToString(numbers.Q.Y) }, kid, alg);
    }

    /// <summary>A token. <paramref name="claims"/>: members besides the issuer.</summary>
    public string Token(AsymmetricAlgorithm key, string algorithm, string? kid, string claims = "", string? issuer = null)
    {
        string header = JsonSerializer.Serialize(kid is null ? new Dictionary<string, string> { ["alg"] = algorithm } : new() { ["alg"] = algorithm, ["kid"] = kid });
        string body = $$"""{"iss":"{{issuer ?? Issuer}}"{{claims}}}""";
        string signed = $"{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(header))}.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(body))}";
        byte[] bytes = Encoding.ASCII.GetBytes(signed);
        var hash = new HashAlgorithmName("SHA" + algorithm[2..]);
        byte[] signature = key switch
        {
            RSA rsa => rsa.SignData(bytes, hash, algorithm[0] == 'P' ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1),
            ECDsa ecdsa => ecdsa.SignData(bytes, hash, DSASignatureFormat.IeeeP1363FixedFieldConcatenation),
            _ => throw new ArgumentException("no key that signs", nameof(key)),
        };
        return $"{signed}.{Base64Url.EncodeToString(signature)}";
    }

    public ValueTask DisposeAsync() => _node.DisposeAsync();

    private static Dictionary<string, string> Described(Dictionary<string, string> jwk, string? kid, string? alg)
    {
        if (kid is not null)
            jwk["kid"] = kid;
        if (alg is not null)
            jwk["alg"] = alg;
        return jwk;
    }
}
