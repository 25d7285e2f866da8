namespace Headgate.Differential.Comparison;

/// <summary>One thing that a server did with the bytes of a connection.</summary>
/// <param name="Kind">What it did.</param>
/// <param name="Text">The request as it was understood; the status of a refusal; else the name of the kind.</param>
/// <param name="Reason">Why it refused, as far as it says.</param>
internal sealed record Step(StepKind Kind, string Text, string Reason = "")
{
    /// <summary>Whether the other server did the same: any refusal is like any other, a request only like one with the same method, target and body.</summary>
    public bool IsLike(Step other) => Kind == other.Kind && (Kind == StepKind.Refused || Text == other.Text);
}
