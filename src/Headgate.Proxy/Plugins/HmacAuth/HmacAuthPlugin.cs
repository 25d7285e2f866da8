using System.Buffers.Text;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using Headgate.Core.Config.Plugins;
using Headgate.Core.Snapshot;
using Headgate.Proxy.Plugins.Authentication;
using Headgate.Proxy.Plugins.Bodies;
using Headgate.Proxy.Transport;

namespace Headgate.Proxy.Plugins.HmacAuth;

/// <summary>
/// Finds the consumer by the key's id in Authorization, and compares the signature of the request with one of its own. A key that nobody has takes the same work as a wrong signature, and
/// the same answer.
/// </summary>
internal sealed class HmacAuthPlugin(HmacAuthConfig config, PluginDefinition kind, TimeProvider time) : AuthenticationPlugin(config, "hmac")
{
    private const string Lead = "client request can't be validated";

    // A signature of the longest hash has 88 characters.
    private const int SignatureTextMax = 128;

    private static readonly byte[] Missing = JsonBodies.Message(Lead + ": missing Authorization header");
    private static readonly byte[] OtherScheme = JsonBodies.Message(Lead + ": Authorization header does not start with 'Signature'");
    private static readonly byte[] Wrong = JsonBodies.Message(Lead);
    private static readonly byte[] NobodysSecret = RandomNumberGenerator.GetBytes(32);

    private readonly (byte[] Name, HashAlgorithmName Hash)[] _algorithms = [.. config.AllowedAlgorithms.Items.Select(static name => (Encoding.ASCII.GetBytes(name), HashOf(name)))];
    private readonly byte[][] _covered = [.. config.SignedHeaders.Items.Select(Encoding.UTF8.GetBytes)];

    /// <inheritdoc/>
    protected override CredentialSnapshot? Find(PluginContext context, out byte[] refusal)
    {
        refusal = Missing;
        if (!context.Request.TryGetHeader("authorization"u8, out ReadOnlySpan<byte> field))
            return null;
        refusal = Wrong;
        if (AuthorizationField.TryGetCredentials(field, "signature"u8, out ReadOnlySpan<byte> text))
            return SignatureField.TryRead(text, out SignatureField signature) ? Verify(context, signature) : null;
        if (!field.StartsWith("Signature"u8))
            refusal = OtherScheme;
        return null;
    }

    /// <inheritdoc/>
    protected override bool ChecksBody => config.DigestedBytesMax is not null;

    /// <inheritdoc/>
    protected override ValueTask<Identification> CheckBodyAsync(PluginContext context) =>
        context.Forwarded.TryGet("digest"u8, out _) ? CheckDigestAsync(context, config.DigestedBytesMax!.Value) : new(new Identification(Wrong));

    /// <inheritdoc/>
    protected override void Hide(PluginContext context) => context.Forwarded.Remove("authorization"u8);

    private CredentialSnapshot? Verify(PluginContext context, in SignatureField field)
    {
        if (field.KeyId.IsEmpty || field.Signature.Length is 0 or > SignatureTextMax || !TryFindHash(field.Algorithm, out HashAlgorithmName hash) || !IsInTime(context) || !CoversAll(field))
            return null;

        CredentialSnapshot? credential = context.Consumers.FindCredential(kind, field.KeyId);
        ReadOnlySpan<byte> secret = credential is null ? NobodysSecret : ((HmacAuthCredential)credential.Config).SecretKey.AsSpan();
        Span<byte> given = stackalloc byte[Base64Text.DecodedMax(SignatureTextMax)];
        Span<byte> expected = stackalloc byte[HMACSHA512.HashSizeInBytes];
        bool isSigned = Base64Text.TryDecode(field.Signature, given, out int givenLength)
            & SigningText.TrySign(context, field, hash, secret, expected, out int length)
            & CryptographicOperations.FixedTimeEquals(given[..givenLength], expected[..length]);
        return isSigned ? credential : null;
    }

    /// <summary>Only somebody who has signed makes the gateway read a body.</summary>
    [AsyncMethodBuilder(typeof(PooledAsyncMethodBuilder<>))]
    private static async ValueTask<Identification> CheckDigestAsync(PluginContext context, int bytesMax) => await context.RequestBody.ReadAsync(bytesMax) switch
    {
        BodyReading.Whole => BodyDigest.Fits(context) ? default : new Identification(Wrong),
        BodyReading.TooLarge => new Identification(BodyDigest.TooLarge(context.RequestBody.Announced, bytesMax), 413),
        _ => new Identification([], context.RequestBody.FailureStatus),
    };

    private bool TryFindHash(ReadOnlySpan<byte> algorithm, out HashAlgorithmName hash)
    {
        foreach ((byte[] name, HashAlgorithmName candidate) in _algorithms)
        {
            hash = candidate;
            if (algorithm.SequenceEqual(name))
                return true;
        }

        hash = default;
        return false;
    }

    private bool IsInTime(PluginContext context) =>
        context.Request.TryGetHeader("date"u8, out ReadOnlySpan<byte> date) && Utf8Parser.TryParse(date, out DateTimeOffset sent, out int read, 'R') && read == date.Length
            && Math.Abs(time.GetUtcNow().ToUnixTimeSeconds() - sent.ToUnixTimeSeconds()) <= config.ClockSkewSeconds;

    private bool CoversAll(in SignatureField field)
    {
        foreach (byte[] name in _covered)
        {
            if (!field.Covers(name))
                return false;
        }

        return true;
    }

    private static HashAlgorithmName HashOf(string algorithm) => algorithm switch
    {
        "hmac-sha1" => HashAlgorithmName.SHA1,
        "hmac-sha256" => HashAlgorithmName.SHA256,
        _ => HashAlgorithmName.SHA512,
    };
}
