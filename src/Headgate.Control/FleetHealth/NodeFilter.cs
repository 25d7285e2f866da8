using Headgate.Control.AdminApi;
using Headgate.Control.Instances;
using Microsoft.AspNetCore.Http;

namespace Headgate.Control.FleetHealth;

/// <summary><c>?search=TEXT&amp;state=STATE</c>: which nodes of an upstream are meant.</summary>
/// <param name="Search">What stands in their name <c>host:port</c>; empty = any.</param>
/// <param name="State">How they are, as all instances see them together; null = any.</param>
internal readonly record struct NodeFilter(string Search, string? State)
{
    private static readonly string[] States = ["up", "down", "out", "partial"];
    private static readonly string[] Arguments = ["search", "state", "page", "page_size"];

    /// <summary>The refusal, or null and <paramref name="filter"/>.</summary>
    public static AdminResponse? Read(IQueryCollection query, out NodeFilter filter)
    {
        filter = new NodeFilter(query["search"].ToString(), query.TryGetValue("state", out var state) ? state.ToString() : null);
        if (filter.State is { } given && !States.Contains(given))
            return AdminResponse.Error(StatusCodes.Status400BadRequest, $"invalid argument state {given}; allowed: {string.Join(", ", States)}");
        return query.ContainsKey(InstanceAsking.Argument) && Arguments.FirstOrDefault(query.ContainsKey) is { } argument
            ? AdminResponse.Error(StatusCodes.Status400BadRequest, $"argument {argument} does not go with {InstanceAsking.Argument}: an instance answers with all of its nodes") : null;
    }

    /// <summary>Whether a node of this name in this state is meant.</summary>
    public bool Passes(string name, string state) => (State is null || State == state) && name.Contains(Search, StringComparison.OrdinalIgnoreCase);
}
