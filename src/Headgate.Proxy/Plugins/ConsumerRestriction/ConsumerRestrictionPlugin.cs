using System.Text;
using Headgate.Core.Primitives;

namespace Headgate.Proxy.Plugins.ConsumerRestriction;

/// <summary>Looks the request's consumer, group, service or route up in the lists, in constant time however long they are.</summary>
internal sealed class ConsumerRestrictionPlugin : Plugin
{
    // An id has at most 64 characters, all of them ASCII.
    private const int IdBytesMax = 64;

    private readonly ConsumerRestrictionType _type;
    private readonly KeyTable<byte[][]>? _whitelist;
    private readonly KeyTable<byte[][]>? _blacklist;
    private readonly KeyTable<byte[][]> _methods;
    private readonly byte[] _unknown;
    private readonly byte[] _refusal;
    private readonly int _status;

    public ConsumerRestrictionPlugin(ConsumerRestrictionConfig config)
    {
        string type = ConsumerRestrictionKind.Types[(int)config.Type];
        _type = config.Type;
        _whitelist = config.Whitelist.Count == 0 ? null : TableOf(config.Whitelist.Select(static name => (name, Array.Empty<byte[]>())));
        _blacklist = config.Blacklist.Count == 0 ? null : TableOf(config.Blacklist.Select(static name => (name, Array.Empty<byte[]>())));
        _methods = TableOf(config.AllowedByMethods.Select(static rule => (rule.User, rule.Methods.Select(Encoding.ASCII.GetBytes).ToArray())));
        _unknown = JsonBodies.Message($"The request is rejected, please check the {type} for this request");
        _refusal = JsonBodies.Message(config.RejectedMsg ?? $"The {type} is forbidden.");
        _status = config.RejectedCode;
    }

    /// <inheritdoc/>
    public override PluginPhases Phases => PluginPhases.Access;

    /// <inheritdoc/>
    public override ValueTask<PluginVerdict> AccessAsync(PluginContext context)
    {
        Span<byte> scratch = stackalloc byte[IdBytesMax];
        ReadOnlySpan<byte> who = Who(context, scratch);
        if (who.IsEmpty)
            return new(context.Answer(401, JsonBodies.ContentType, _unknown));
        return MayCall(who, context.Request.Method) ? default : new(context.Answer(_status, JsonBodies.ContentType, _refusal));
    }

    private bool MayCall(ReadOnlySpan<byte> who, ReadOnlySpan<byte> method)
    {
        if (_blacklist?.Find(who) is not null)
            return false;
        if (_whitelist is not null)
            return _whitelist.Find(who) is not null;
        if (_methods.Find(who) is not { } allowed)
            return true;
        foreach (byte[] candidate in allowed)
        {
            if (method.SequenceEqual(candidate))
                return true;
        }

        return false;
    }

    private ReadOnlySpan<byte> Who(PluginContext context, Span<byte> scratch) => _type switch
    {
        ConsumerRestrictionType.ConsumerName => context.Request.ConsumerName,
        ConsumerRestrictionType.ConsumerGroupId => context.Request.ConsumerGroupId,
        ConsumerRestrictionType.ServiceId => IdIn(context.Route?.Config.ServiceId, scratch),
        _ => IdIn(context.Route?.Config.Id, scratch),
    };

    private static ReadOnlySpan<byte> IdIn(string? id, Span<byte> scratch) => scratch[..Encoding.ASCII.GetBytes(id, scratch)];

    /// <summary>Of several under one name the first counts, as in APISIX.</summary>
    private static KeyTable<byte[][]> TableOf(IEnumerable<(string Name, byte[][] Methods)> entries)
    {
        var table = new KeyTableEditor<byte[][]>();
        foreach ((string name, byte[][] methods) in entries.DistinctBy(static entry => entry.Name, StringComparer.Ordinal))
            table.Add(Encoding.UTF8.GetBytes(name), "", methods);
        return table.Publish();
    }
}
