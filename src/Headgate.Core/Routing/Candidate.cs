namespace Headgate.Core.Routing;

/// <summary>A route under one of its paths: what is tried when host and path have led to it.</summary>
internal sealed class Candidate(RouteSnapshot route, UriPattern uri) : Candidates, IComparable<Candidate>
{
    private readonly RouteConditions _conditions = route.Conditions;
    private readonly bool _unconditional = !uri.HasPieces && route.Conditions.IsEmpty;

    /// <summary>The route.</summary>
    public RouteSnapshot Route { get; } = route;

    /// <summary>The path it is found by.</summary>
    public UriPattern Uri { get; } = uri;

    /// <summary>Conditions besides host and path.</summary>
    public RouteConditions Conditions => _conditions;

    /// <inheritdoc/>
    public override int Count => 1;

    /// <summary>
    /// Order of trial: priority, higher first; then the longer path as written (only paths with an asterisk in the middle differ here);
    /// then the id by its bytes, which is the order in which an APISIX that starts reads its routes from etcd.
    /// </summary>
    public int CompareTo(Candidate? other)
    {
        if (other is null)
            return -1;
        int order = other.Route.Config.Priority.CompareTo(Route.Config.Priority);
        if (order == 0)
            order = other.Uri.Text.Length.CompareTo(Uri.Text.Length);
        if (order == 0)
            order = string.CompareOrdinal(Route.Config.Id, other.Route.Config.Id);
        return order != 0 ? order : string.CompareOrdinal(Uri.Text, other.Uri.Text);
    }

    /// <summary>Whether everything but host and path prefix holds.</summary>
    public bool Matches(ref MatchContext context)
    {
        context.CandidatesTried++;
        return _unconditional || (_conditions.Hold(ref context) && Uri.RestMatches(context.Path));
    }

    /// <inheritdoc/>
    public override Candidate? Find(ref MatchContext context, Candidate? bound) =>
        (bound is null || CompareTo(bound) < 0) && Matches(ref context) ? this : null;

    /// <inheritdoc/>
    public override Candidates? Without(Candidate candidate) => CompareTo(candidate) == 0 ? null : this;
}
