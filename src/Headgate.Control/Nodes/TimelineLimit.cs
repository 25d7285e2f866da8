using Headgate.Control.AdminApi;
using Headgate.Control.Registries;
using Microsoft.AspNetCore.Http;

namespace Headgate.Control.Nodes;

/// <summary><c>?limit=</c> of an upstream's timeline: so many changes at most, the latest.</summary>
internal static class TimelineLimit
{
    private const int Default = 500;
    private const int Max = 2000;

    /// <summary>The refusal, or null and <paramref name="limit"/>.</summary>
    public static AdminResponse? Read(IQueryCollection query, out int limit)
    {
        limit = Page.Number(query, "limit", Default) ?? 0;
        return limit is < 1 or > Max ? AdminResponse.Error(StatusCodes.Status400BadRequest, $"invalid argument limit; allowed: 1 to {Max}") : null;
    }
}
