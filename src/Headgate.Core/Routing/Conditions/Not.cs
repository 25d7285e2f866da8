namespace Headgate.Core.Routing.Conditions;

/// <summary>Another condition does not hold.</summary>
internal sealed class Not(Condition inner) : Condition
{
    /// <inheritdoc/>
    public override bool Holds(ref MatchContext context) => !inner.Holds(ref context);
}
