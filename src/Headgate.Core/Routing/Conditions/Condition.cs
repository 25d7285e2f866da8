namespace Headgate.Core.Routing.Conditions;

/// <summary>A compiled condition over a request's variables. Immutable, safe on any thread; evaluation never blocks and never allocates.</summary>
internal abstract class Condition
{
    /// <summary>Whether it holds for the request of a match.</summary>
    public abstract bool Holds(ref MatchContext context);
}
