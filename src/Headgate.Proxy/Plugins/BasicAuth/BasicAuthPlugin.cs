using System.Buffers;
using System.Security.Cryptography;
using Headgate.Core.Config.Plugins;
using Headgate.Core.Snapshot;
using Headgate.Proxy.Plugins.Authentication;

namespace Headgate.Proxy.Plugins.BasicAuth;

/// <summary>
/// Finds the consumer by the name in Authorization and compares the password. A name that nobody has takes the same work as a wrong password, and the same answer.
/// </summary>
internal sealed class BasicAuthPlugin(BasicAuthConfig config, PluginDefinition kind) : AuthenticationPlugin(config, "Basic")
{
    // Name and password together, as nearly all of them are; longer ones go to rented memory.
    private const int OnStackMax = 384;

    private static readonly byte[] Missing = JsonBodies.Message("Missing authorization in request");
    private static readonly byte[] Malformed = JsonBodies.Message("Invalid authorization in request");
    private static readonly byte[] Wrong = JsonBodies.Message("Invalid user authorization");

    // Of no password: nobody knows a text with this digest.
    private static readonly byte[] NobodysDigest = new byte[SHA256.HashSizeInBytes];

    /// <inheritdoc/>
    protected override CredentialSnapshot? Find(PluginContext context, out byte[] refusal)
    {
        refusal = Missing;
        if (!context.Request.TryGetHeader("authorization"u8, out ReadOnlySpan<byte> field))
            return null;
        refusal = Malformed;
        if (!AuthorizationField.TryGetCredentials(field, "basic"u8, out ReadOnlySpan<byte> encoded))
            return null;

        int length = Base64Text.DecodedMax(encoded.Length);
        byte[]? rented = length > OnStackMax ? ArrayPool<byte>.Shared.Rent(length) : null;
        Span<byte> pair = rented ?? stackalloc byte[OnStackMax];
        try
        {
            if (!Base64Text.TryDecode(encoded, pair, out length) || pair[..length].IndexOf((byte)':') is not (>= 0 and var colon))
                return null;
            refusal = Wrong;
            return Find(context.Consumers, pair[..colon], pair[(colon + 1)..length]);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(pair);
            if (rented is not null)
                ArrayPool<byte>.Shared.Return(rented);
        }
    }

    /// <inheritdoc/>
    protected override void Hide(PluginContext context) => context.Forwarded.Remove("authorization"u8);

    private CredentialSnapshot? Find(ConsumerTable consumers, ReadOnlySpan<byte> username, ReadOnlySpan<byte> password)
    {
        CredentialSnapshot? credential = consumers.FindCredential(kind, username);
        ReadOnlySpan<byte> expected = credential is null ? NobodysDigest : ((BasicAuthCredential)credential.Config).PasswordDigest.AsSpan();
        Span<byte> given = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(password, given);
        return CryptographicOperations.FixedTimeEquals(given, expected) ? credential : null;
    }
}
