using Headgate.Core.Config.Expressions;

namespace Headgate.Proxy.Plugins.IpRestriction;

/// <summary>Compares the client's address, the one that a plugin before it may have taken from a header, with the ranges.</summary>
internal sealed class IpRestrictionPlugin(IpRestrictionConfig config) : Plugin
{
    private readonly AddressRange[] _allowed = Ranges(config.Whitelist.Items);
    private readonly AddressRange[] _refused = Ranges(config.Blacklist.Items);
    private readonly byte[] _refusal = JsonBodies.Message(config.Message);

    /// <inheritdoc/>
    public override PluginPhases Phases => PluginPhases.Access;

    /// <inheritdoc/>
    public override ValueTask<PluginVerdict> AccessAsync(PluginContext context)
    {
        UInt128 address = context.Request.ClientAddress;
        bool isRefused = _allowed.Length > 0 ? !Contain(_allowed, address) : Contain(_refused, address);
        return isRefused ? new(context.Answer(config.ResponseCode, JsonBodies.ContentType, _refusal)) : default;
    }

    private static AddressRange[] Ranges(IEnumerable<string> texts) => [.. texts.Select(static text => AddressRange.TryParse(text, out AddressRange range) ? range : throw new ArgumentException(text))];

    private static bool Contain(AddressRange[] ranges, UInt128 address)
    {
        foreach (ref readonly AddressRange range in ranges.AsSpan())
        {
            if (range.Contains(address))
                return true;
        }

        return false;
    }
}
