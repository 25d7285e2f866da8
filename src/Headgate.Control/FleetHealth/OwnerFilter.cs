using Headgate.Control.AdminApi;
using Headgate.Control.AdminApi.Objects;
using Headgate.Core.Config;
using Microsoft.AspNetCore.Http;

namespace Headgate.Control.FleetHealth;

/// <summary><c>?upstream=KIND/ID</c>: what concerns the upstreams of one object alone, those of its plugins included.</summary>
/// <param name="Owner"><c>upstreams/1</c>; null = any.</param>
internal readonly record struct OwnerFilter(string? Owner)
{
    private const string Argument = "upstream";

    /// <summary>The refusal, or null and <paramref name="filter"/>.</summary>
    public static AdminResponse? Read(IQueryCollection query, out OwnerFilter filter)
    {
        filter = default;
        if (!query.TryGetValue(Argument, out var given))
            return null;
        filter = new OwnerFilter(given.ToString());
        return given.ToString().Split('/') is [var kind, var id] && ObjectId.IsLegal(id) && ResourceKinds.UpstreamOwners.Any(owner => owner.Plural() == kind) ? null
            : AdminResponse.Error(StatusCodes.Status400BadRequest, $"invalid argument {Argument} {given}; allowed: upstreams/ID, services/ID, routes/ID");
    }

    /// <summary>Whether an upstream passes.</summary>
    public bool Passes(string owner) => Owner is null || owner == Owner || (owner.StartsWith(Owner, StringComparison.Ordinal) && owner[Owner.Length] == '/');
}
