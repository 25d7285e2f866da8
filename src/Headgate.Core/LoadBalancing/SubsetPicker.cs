using Headgate.Core.Primitives;
using Headgate.Core.Upstreams;

namespace Headgate.Core.LoadBalancing;

/// <summary>
/// Goes before, or in place of, the pickers of the tiers: has the request's subset pick. Immutable; the look-up allocates nothing.
/// </summary>
/// <param name="key">What requests choose by.</param>
/// <param name="subsets">Per subset that has nodes now, its pickers in their order.</param>
/// <param name="otherwise">Those for a request without a subset; empty = none picks.</param>
internal sealed class SubsetPicker(SubsetKey key, Dictionary<byte[], INodePicker[]> subsets, INodePicker[] otherwise) : INodePicker
{
    private readonly Dictionary<byte[], INodePicker[]>.AlternateLookup<ReadOnlySpan<byte>> _byKey = subsets.GetAlternateLookup<ReadOnlySpan<byte>>();

    /// <inheritdoc/>
    public NodeSnapshot? Pick(ref PickContext context)
    {
        foreach (INodePicker picker in PickersFor(context.Request))
        {
            if (picker.Pick(ref context) is { } node)
                return node;
        }

        return null;
    }

    /// <summary>The pickers of the request's subset, in their order: for who has to know where one ends and the next begins. Never allocates.</summary>
    public INodePicker[] PickersFor(IRequestView request)
    {
        Span<byte> bytes = stackalloc byte[key.BytesMax];
        return key.TryGet(request, bytes, out ReadOnlySpan<byte> asked) && _byKey.TryGetValue(asked, out INodePicker[]? found) ? found : otherwise;
    }
}
