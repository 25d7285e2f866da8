using Headgate.Control.AdminApi;
using Headgate.Control.AdminApi.Objects;
using Headgate.Core.Config;
using Microsoft.AspNetCore.Http;

namespace Headgate.Control.FleetHealth;

/// <summary><c>?upstream=KIND/ID,...</c>: what concerns the upstreams of these objects alone, those of their plugins included.</summary>
/// <param name="Owners"><c>upstreams/1</c>; null = any.</param>
internal readonly record struct OwnerFilter(string[]? Owners)
{
    private const string Argument = "upstream";

    /// <summary>The refusal, or null and <paramref name="filter"/>.</summary>
    public static AdminResponse? Read(IQueryCollection query, out OwnerFilter filter)
    {
        filter = default;
        if (!query.TryGetValue(Argument, out var given))
            return null;
        filter = new OwnerFilter(given.ToString().Split(','));
        return filter.Owners!.FirstOrDefault(static owner => !IsOwner(owner)) is { } wrong
            ? AdminResponse.Error(StatusCodes.Status400BadRequest, $"invalid argument {Argument} {wrong}; allowed: upstreams/ID, services/ID, routes/ID, several with commas between") : null;
    }

    /// <summary>Whether an upstream passes.</summary>
    public bool Passes(string owner) =>
        Owners is null || Owners.Any(one => owner == one || (owner.StartsWith(one, StringComparison.Ordinal) && owner[one.Length] == '/'));

    private static bool IsOwner(string text) => text.Split('/') is [var kind, var id] && ObjectId.IsLegal(id) && ResourceKinds.UpstreamOwners.Any(owner => owner.Plural() == kind);
}
