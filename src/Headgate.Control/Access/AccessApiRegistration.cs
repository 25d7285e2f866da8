using Headgate.Control.AdminApi;
using Headgate.Control.Groups;
using Headgate.Store;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Headgate.Control.Access;

/// <summary>Puts the API for people and instances that say who they are (<c>/api/session</c>, <c>/api/users</c>, <c>/api/tokens</c>, <c>instance_tokens</c> of a gateway group) into a web application.</summary>
public static class AccessApiRegistration
{
    private const string PathPrefix = "/api";

    /// <summary>Serves the paths. Call <see cref="AdminApiRegistration.AddAdminApi"/> before the application is built. Every request leaves the I/O thread first.</summary>
    public static void MapAccessApi(this IEndpointRouteBuilder endpoints)
    {
        IServiceProvider services = endpoints.ServiceProvider;
        AdminApiHandler handler = services.GetRequiredService<AdminApiHandler>();
        IConfigStore store = services.GetRequiredService<IConfigStore>();
        TimeProvider time = services.GetRequiredService<TimeProvider>();
        ILogger log = services.GetRequiredService<ILoggerFactory>().CreateLogger<SessionApi>();
        var sessions = new SessionApi(store, services.GetRequiredService<People>(), new Lockout(time), time, log);
        var users = new UsersApi(store, sessions, time);
        var tokens = new TokensApi(store, time);
        endpoints.MapPost(PathPrefix + "/session", context => handler.InvokeAsync(context, PathPrefix, request => sessions.LogInAsync(request, context.Request.IsHttps), isPublic: true));
        endpoints.MapGet(PathPrefix + "/session", context => handler.InvokeAsync(context, PathPrefix, static request => ValueTask.FromResult(SessionApi.Show(request))));
        endpoints.MapDelete(PathPrefix + "/session", context => handler.InvokeAsync(context, PathPrefix, sessions.LogOutAsync));
        endpoints.MapPut(PathPrefix + "/session/password", context => handler.InvokeAsync(context, PathPrefix, request => sessions.ChangePasswordAsync(request, context.Request.IsHttps)));
        foreach (string path in (string[])["/users", "/users/{name}", "/users/{name}/password"])
            endpoints.Map(PathPrefix + path, context => handler.InvokeAsync(context, PathPrefix, users.AnswerAsync));
        foreach (string path in (string[])["/tokens", "/tokens/{id}"])
            endpoints.Map(PathPrefix + path, context => handler.InvokeAsync(context, PathPrefix, tokens.AnswerAsync));
        var instanceTokens = new InstanceTokensApi(services.GetRequiredService<GroupScopes>(), services.GetRequiredService<InstanceTokens>(), services.GetRequiredService<AdminApiOptions>(), time);
        foreach (string path in (string[])["/instance_tokens", "/instance_tokens/{id}"])
            endpoints.Map(PathPrefix + "/gateway_groups/{group}" + path, context => handler.InvokeAsync(context, PathPrefix, instanceTokens.AnswerAsync));
    }
}
