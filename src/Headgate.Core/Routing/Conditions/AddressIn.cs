using Headgate.Core.Config.Expressions;
using Headgate.Core.Primitives;

namespace Headgate.Core.Routing.Conditions;

/// <summary>The variable is an address in one of these ranges.</summary>
internal sealed class AddressIn(RequestVariable variable, AddressRange[] ranges) : Condition
{
    /// <inheritdoc/>
    public override bool Holds(ref MatchContext context)
    {
        if (variable.IsClientAddress)
            return Contains(ranges, context.Request.ClientAddress);
        Span<byte> scratch = stackalloc byte[RequestVariable.ScratchBytes];
        return variable.TryGet(context.Request, scratch, out ReadOnlySpan<byte> value)
            && AddressText.TryParse(value, out UInt128 address)
            && Contains(ranges, address);
    }

    /// <summary>Whether an address lies in one of some ranges.</summary>
    public static bool Contains(AddressRange[] ranges, UInt128 address)
    {
        foreach (AddressRange range in ranges)
        {
            if (range.Contains(address))
                return true;
        }

        return false;
    }
}
