using Headgate.Core.Config.Expressions;
using Headgate.Core.Primitives;

namespace Headgate.Proxy.Plugins.RealIp;

/// <summary>Replaces the client's address, for everything that comes after it.</summary>
internal sealed class RealIpPlugin(RealIpConfig config) : Plugin
{
    /// <summary>The variable whose value is a list of addresses.</summary>
    public const string ForwardedFor = "http_x_forwarded_for";

    private readonly RequestVariable? _source = config.Source == ForwardedFor ? null : RequestVariable.Parse(config.Source);
    private readonly AddressRange[] _trusted =
        [.. config.TrustedAddresses.Items.Select(static text => AddressRange.TryParse(text, out AddressRange range) ? range : throw new ArgumentException(text))];

    /// <inheritdoc/>
    public override PluginPhases Phases => PluginPhases.Rewrite;

    /// <inheritdoc/>
    public override ValueTask<PluginVerdict> RewriteAsync(PluginContext context)
    {
        if (_trusted.Length > 0 && !IsTrusted(context.Request.ClientAddress))
            return default;
        if (TryRead(context, out UInt128 address, out int port))
            context.SetClient(address, port);
        return default;
    }

    private bool TryRead(PluginContext context, out UInt128 address, out int port)
    {
        if (_source is null)
            return PeerAddress.TryParse(Choose(LastForwardedFor(context.Forwarded)), out address, out port);
        (address, port) = (default, 0);
        Span<byte> scratch = stackalloc byte[RequestVariable.ScratchBytes];
        return _source.TryGet(context.Request, scratch, out ReadOnlySpan<byte> value) && PeerAddress.TryParse(value, out address, out port);
    }

    private bool IsTrusted(UInt128 address)
    {
        foreach (ref readonly AddressRange range in _trusted.AsSpan())
        {
            if (range.Contains(address))
                return true;
        }

        return false;
    }

    private static ReadOnlySpan<byte> LastForwardedFor(RequestEdits request)
    {
        int place = 0;
        ReadOnlySpan<byte> last = default;
        while (request.TryGetNext("x-forwarded-for"u8, ref place, out ReadOnlySpan<byte> value))
            last = value;
        return last;
    }

    /// <summary>The last address of a list, or the last that is not trusted, the first if all are.</summary>
    private ReadOnlySpan<byte> Choose(ReadOnlySpan<byte> list)
    {
        while (true)
        {
            int comma = list.LastIndexOf((byte)',');
            ReadOnlySpan<byte> last = list[(comma + 1)..].Trim(" \t"u8);
            bool goesOn = comma >= 0 && config.Recursive && _trusted.Length > 0 && PeerAddress.TryParse(last, out UInt128 address, out _) && IsTrusted(address);
            if (!goesOn)
                return last;
            list = list[..comma];
        }
    }
}
