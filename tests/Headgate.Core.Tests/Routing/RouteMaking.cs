using System.Text.Json;
using Headgate.Core.Config;
using Headgate.Core.Config.Expressions;
using Headgate.Core.Primitives;
using Headgate.Core.Routing;

namespace Headgate.Core.Tests.Routing;

/// <summary>Short ways to the routes these tests need.</summary>
internal static class RouteMaking
{
    public static RouteSnapshot Route(
        string id,
        string[] uris,
        string[]? hosts = null,
        string[]? methods = null,
        string[]? addresses = null,
        VarsExpression? vars = null,
        int priority = 0,
        bool enabled = true) =>
        new()
        {
            Config = new RouteConfig
            {
                Id = id,
                Uris = EquatableArray.Create<string>(uris),
                Methods = EquatableArray.Create<string>(methods ?? []),
                RemoteAddrs = EquatableArray.Create<string>(addresses ?? []),
                Vars = vars,
                Priority = priority,
                Enabled = enabled,
            },
            Target = RouteTarget.NoUpstream,
            Hosts = hosts ?? [],
        };

    public static RouteSnapshot Route(string id, string uri, string? host = null, string? vars = null, int priority = 0) =>
        Route(id, [uri], host is null ? null : [host], vars: vars is null ? null : Vars(vars), priority: priority);

    public static VarsExpression Vars(string json)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        return VarsExpression.Parse(document.RootElement.Clone(), out string? error) ?? throw new ArgumentException(error);
    }
}
