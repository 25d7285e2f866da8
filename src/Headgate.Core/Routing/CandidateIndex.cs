using Headgate.Core.Primitives;
using Headgate.Core.Routing.Conditions;

namespace Headgate.Core.Routing;

/// <summary>
/// Many candidates of one host and path, looked up by a variable that must equal a text (<c>["http_tenant", "==", "t17"]</c>): a request then tries
/// only those that its own value leads to, and those that demand no equality. A route that demands several is filed where there are fewest.
/// Routes that differ only in methods, addresses or other operators are tried one after another.
/// </summary>
internal sealed class CandidateIndex : Candidates
{
    /// <summary>Variables a request is asked for at most; routes that demand only others are tried one after another.</summary>
    internal const int VariablesMax = 8;

    private static readonly CandidateIndex None = new([], null, 0);

    private readonly Group[] _groups;
    private readonly Candidates? _rest;

    private CandidateIndex(Group[] groups, Candidates? rest, int count)
    {
        _groups = groups;
        _rest = rest;
        Count = count;
    }

    /// <inheritdoc/>
    public override int Count { get; }

    /// <summary>The candidates of a list, looked up.</summary>
    public static CandidateIndex Of(CandidateList list)
    {
        CandidateIndex index = None;
        foreach (Candidate[] chunk in list.Chunks)
        {
            foreach (Candidate candidate in chunk)
                index = index.With(candidate);
        }

        return index;
    }

    /// <inheritdoc/>
    public override Candidate? Find(ref MatchContext context, Candidate? bound)
    {
        Candidate? found = null;
        Span<byte> scratch = stackalloc byte[RequestVariable.ScratchBytes];
        foreach (Group group in _groups)
        {
            if (group.Variable.TryGet(context.Request, scratch, out ReadOnlySpan<byte> value)
                && group.ByValue.Get(value, asPrefix: false) is { } candidates)
            {
                found = candidates.Find(ref context, found ?? bound) ?? found;
            }
        }

        return _rest?.Find(ref context, found ?? bound) ?? found;
    }

    /// <summary>With one more.</summary>
    public CandidateIndex With(Candidate added)
    {
        TextEquals? chosen = null;
        int fewest = int.MaxValue;
        foreach (TextEquals demand in added.Conditions.Demands)
        {
            int at = GroupOf(demand.Variable);
            if (at < 0 && _groups.Length >= VariablesMax)
                continue;
            // Twice the number, and one more for a variable that nobody else is filed under: each variable costs every request a look.
            int present = at < 0 ? 1 : 2 * (_groups[at].ByValue.Get(demand.Text, asPrefix: false)?.Count ?? 0);
            if (present < fewest)
                (chosen, fewest) = (demand, present);
        }

        if (chosen is null)
            return new(_groups, WithListed(_rest, added), Count + 1);

        int group = GroupOf(chosen.Variable);
        RadixNode<Candidates> byValue = group < 0 ? RadixNode<Candidates>.Empty : _groups[group].ByValue;
        Candidates grown = WithListed(byValue.Get(chosen.Text, asPrefix: false), added);
        var changed = new Group(chosen.Variable, byValue.With(chosen.Text, asPrefix: false, grown));
        return new(group < 0 ? [.. _groups, changed] : Replaced(group, changed), _rest, Count + 1);
    }

    /// <inheritdoc/>
    public override Candidates? Without(Candidate candidate)
    {
        foreach (TextEquals demand in candidate.Conditions.Demands)
        {
            int at = GroupOf(demand.Variable);
            if (at < 0 || _groups[at].ByValue.Get(demand.Text, asPrefix: false) is not { } present)
                continue;
            Candidates? left = present.Without(candidate);
            if (ReferenceEquals(left, present))
                continue;
            if (Count == 1)
                return null;
            RadixNode<Candidates> byValue = _groups[at].ByValue.With(demand.Text, asPrefix: false, left);
            return byValue.IsEmpty
                ? new([.. _groups.AsSpan(0, at), .. _groups.AsSpan(at + 1)], _rest, Count - 1)
                : new CandidateIndex(Replaced(at, new(demand.Variable, byValue)), _rest, Count - 1);
        }

        Candidates? rest = _rest?.Without(candidate);
        if (ReferenceEquals(rest, _rest))
            return this;
        return Count == 1 ? null : new CandidateIndex(_groups, rest, Count - 1);
    }

    private int GroupOf(RequestVariable variable) => Array.FindIndex(_groups, group => group.Variable.Name == variable.Name);

    private Group[] Replaced(int at, Group group)
    {
        Group[] groups = [.. _groups];
        groups[at] = group;
        return groups;
    }

    /// <summary>The candidates filed under one variable.</summary>
    private sealed record Group(RequestVariable Variable, RadixNode<Candidates> ByValue);
}
