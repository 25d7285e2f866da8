namespace Headgate.Core.Routing.Conditions;

/// <summary>Every term holds; with no terms it holds.</summary>
internal sealed class AllHold(Condition[] terms) : Condition
{
    /// <summary>The terms.</summary>
    public ReadOnlySpan<Condition> Terms => terms;

    /// <inheritdoc/>
    public override bool Holds(ref MatchContext context)
    {
        foreach (Condition term in terms)
        {
            if (!term.Holds(ref context))
                return false;
        }

        return true;
    }
}
