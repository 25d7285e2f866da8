using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Headgate.Core.Primitives;
using Headgate.Proxy.Plugins.Texts;

namespace Headgate.Proxy.Plugins.Csrf;

/// <summary>Gives every answer a token in a cookie, and takes requests that may change something only when a header field says the same.</summary>
internal sealed class CsrfPlugin(CsrfConfig config, PluginServices services) : Plugin
{
    // One step of a sequence that looks random once it is spread (Weyl).
    private const ulong Step = 0x9E37_79B9_7F4A_7C15;

    private static readonly byte[] NoHeader = JsonBodies.ErrorMsg("no csrf token in headers");
    private static readonly byte[] NoCookie = JsonBodies.ErrorMsg("no csrf cookie");
    private static readonly byte[] Mismatch = JsonBodies.ErrorMsg("csrf token mismatch");
    private static readonly byte[] BadToken = JsonBodies.ErrorMsg("Failed to verify the csrf token signature");

    private readonly CsrfToken _tokens = new(config.Key);
    private readonly byte[] _field = Encoding.ASCII.GetBytes(config.TokenName.ToLowerInvariant());
    private readonly RequestVariable _cookie = RequestVariable.Parse($"cookie_{config.TokenName}");
    private readonly byte[] _begin = Encoding.ASCII.GetBytes($"{config.TokenName}=");
    private ulong _random = services.Seed;

    /// <inheritdoc/>
    public override PluginPhases Phases => PluginPhases.Access | PluginPhases.ResponseHead;

    /// <inheritdoc/>
    public override ValueTask<PluginVerdict> AccessAsync(PluginContext context)
    {
        IRequestView request = context.Request;
        if (IsSafe(request.Method))
            return default;
        Span<byte> scratch = stackalloc byte[RequestVariable.ScratchBytes];
        if (!request.TryGetHeader(_field, out ReadOnlySpan<byte> field) || field.IsEmpty)
            return new(Refuse(context, NoHeader));
        if (!_cookie.TryGet(request, scratch, out ReadOnlySpan<byte> cookie))
            return new(Refuse(context, NoCookie));
        if (!CryptographicOperations.FixedTimeEquals(field, cookie))
            return new(Refuse(context, Mismatch));
        long oldest = config.ExpiresSeconds > 0 ? Now().ToUnixTimeSeconds() - config.ExpiresSeconds : long.MinValue;
        return _tokens.IsGood(cookie, oldest) ? default : new(Refuse(context, BadToken));
    }

    /// <inheritdoc/>
    public override void OnResponseHead(PluginContext context)
    {
        DateTimeOffset now = Now();
        Span<byte> token = stackalloc byte[CsrfToken.BytesMax];
        int length = _tokens.Write(Interlocked.Add(ref _random, Step) >> 8, now.ToUnixTimeSeconds(), token);
        DateTimeOffset expires = now.AddSeconds(config.ExpiresSeconds);
        Span<byte> date = stackalloc byte[64];

        // nginx's form of the date: years up to 2037 with two digits.
        expires.TryFormat(date, out int dateLength, expires.Year > 2037 ? "ddd, dd-MMM-yyyy HH:mm:ss 'GMT'" : "ddd, dd-MMM-yy HH:mm:ss 'GMT'", CultureInfo.InvariantCulture);
        var value = new ByteBuilder(stackalloc byte[512]);
        value.Add(_begin);
        value.Add(token[..length]);
        value.Add(";path=/;SameSite=Lax;Expires="u8);
        value.Add(date[..dateLength]);
        context.Response.Add("Set-Cookie"u8, value.Bytes);
        value.Dispose();
    }

    private static bool IsSafe(ReadOnlySpan<byte> method) => method.SequenceEqual("GET"u8) || method.SequenceEqual("HEAD"u8) || method.SequenceEqual("OPTIONS"u8);

    private static PluginVerdict Refuse(PluginContext context, byte[] body) => context.Answer(401, JsonBodies.ContentType, body);

    private DateTimeOffset Now() => services.Time.GetUtcNow();
}
