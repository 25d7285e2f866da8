namespace Headgate.Store;

/// <summary>Outcome of a commit.</summary>
/// <param name="Applied">Whether the compares held and the operations were applied.</param>
/// <param name="Revision">The revision made, or the current one when not applied.</param>
/// <param name="FailedCompare">Index of the first compare that did not hold; −1 when applied.</param>
public readonly record struct CommitResult(bool Applied, long Revision, int FailedCompare);
