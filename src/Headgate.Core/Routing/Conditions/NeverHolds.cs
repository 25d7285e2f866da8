namespace Headgate.Core.Routing.Conditions;

/// <summary>What no request can fulfil: a variable is always text, so that it equals no boolean and holds no list element.</summary>
internal sealed class NeverHolds : Condition
{
    /// <summary>The one instance.</summary>
    public static readonly NeverHolds Instance = new();

    private NeverHolds()
    {
    }

    /// <inheritdoc/>
    public override bool Holds(ref MatchContext context) => false;
}
