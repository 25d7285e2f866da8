using System.Text;
using Headgate.Core.Config;
using Headgate.Core.Primitives;

namespace Headgate.Core.LoadBalancing;

/// <summary>
/// The values by which requests choose among nodes, as one run of bytes: each value behind its length, so that no two lists of values read the same. Immutable.
/// </summary>
internal sealed class SubsetKey(EquatableArray<SubsetKeyConfig> keys)
{
    /// <summary>Bytes that are enough for <see cref="TryGet"/>: at most eight keys.</summary>
    public const int BytesMax = 8 * (1 + SubsetConfig.ValueBytesMax);

    private readonly RequestVariable[] _variables = [.. keys.Items.Select(static key => RequestVariable.Parse(key.Variable))];

    /// <summary>What the request asks for; false when it lacks a value or one is longer than any node's. Never allocates.</summary>
    public bool TryGet(IRequestView request, Span<byte> destination, out ReadOnlySpan<byte> key)
    {
        Span<byte> scratch = stackalloc byte[RequestVariable.ScratchBytes];
        int length = 0;
        key = default;
        foreach (RequestVariable variable in _variables)
        {
            if (!variable.TryGet(request, scratch, out ReadOnlySpan<byte> value) || value.Length > SubsetConfig.ValueBytesMax)
                return false;
            destination[length++] = (byte)value.Length;
            value.CopyTo(destination[length..]);
            length += value.Length;
        }

        key = destination[..length];
        return true;
    }

    /// <summary>What a node has; null when it lacks a key.</summary>
    public byte[]? Of(NodeConfig node)
    {
        var bytes = new List<byte>();
        foreach (SubsetKeyConfig key in keys)
        {
            if (NodeMetadata.Find(node, key.Key) is not { } value || !TryAdd(bytes, value))
                return null;
        }

        return [.. bytes];
    }

    /// <summary>The key of the default subset; null when there is none.</summary>
    public static byte[]? Default(SubsetConfig config)
    {
        var bytes = new List<byte>();
        foreach (MetadataEntry entry in config.DefaultSubset)
        {
            if (!TryAdd(bytes, entry.Value))
                return null;
        }

        return config.DefaultSubset.Count == 0 ? null : [.. bytes];
    }

    private static bool TryAdd(List<byte> bytes, string value)
    {
        byte[] text = Encoding.UTF8.GetBytes(value);
        if (text.Length > SubsetConfig.ValueBytesMax)
            return false;
        bytes.Add((byte)text.Length);
        bytes.AddRange(text);
        return true;
    }
}
