namespace Headgate.Core.Routing.Conditions;

/// <summary>At least one term holds.</summary>
internal sealed class AnyHolds(Condition[] terms) : Condition
{
    /// <inheritdoc/>
    public override bool Holds(ref MatchContext context)
    {
        foreach (Condition term in terms)
        {
            if (term.Holds(ref context))
                return true;
        }

        return false;
    }
}
