using System.Text;
using System.Text.Json;
using Headgate.Control.Access;
using Headgate.Control.AdminApi.Objects;
using Headgate.Control.Groups;
using Headgate.Control.Instances;
using Headgate.Core.Config;
using Headgate.Store;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Headgate.Control.AdminApi;

/// <summary>Start here: a request's way through the Admin API. Address, key, body, dispatch, answer; every failure becomes an answer here.</summary>
internal sealed class AdminApiHandler(
    AdminApiOptions options, AdminAuthentication authentication, GroupDispatcher dispatcher, GroupScopes scopes, ConvergenceWait convergence, ILogger<AdminApiHandler> log)
{
    private const int WarningsMax = 16;
    private const int WarningCharactersMax = 256;

    /// <summary>Clients read APISIX's version here and choose by it what they ask for; ours follows it.</summary>
    private readonly string _server = "APISIX/3.18.0 Headgate/" + options.Version;

    public Task InvokeAsync(HttpContext context) => InvokeAsync(context, AdminApiRegistration.PathPrefix, dispatcher.DispatchAsync, triesOut: true);

    /// <summary>The same way for another API of operators: what lies below <paramref name="prefix"/> is answered by <paramref name="dispatch"/>.</summary>
    /// <param name="context">The request.</param>
    /// <param name="prefix">What comes before the parts of the path that are given on.</param>
    /// <param name="dispatch">Answers it.</param>
    /// <param name="isPublic">Whether nobody has to say who they are; the address must be allowed all the same.</param>
    /// <param name="triesOut">Whether <paramref name="dispatch"/> knows of <see cref="AdminRequest.IsDryRun"/>.</param>
    public async Task InvokeAsync(HttpContext context, string prefix, Func<AdminRequest, ValueTask<AdminResponse>> dispatch, bool isPublic = false, bool triesOut = false)
    {
        await LeaveIoThread.Now;
        context.Response.Headers.Server = _server;
        context.Response.Headers["X-API-VERSION"] = "v3";
        AdminResponse answer;
        try
        {
            answer = await AnswerAsync(context, prefix, dispatch, isPublic, triesOut);
        }
        catch (StoreUnavailableException exception)
        {
            answer = AdminResponse.Error(StatusCodes.Status503ServiceUnavailable, exception.Message);
        }
        catch (StoreReadOnlyException exception)
        {
            answer = AdminResponse.Error(StatusCodes.Status405MethodNotAllowed, exception.Message);
        }
        catch (BadHttpRequestException exception)
        {
            answer = AdminResponse.Error(exception.StatusCode, "invalid request body: " + exception.Message);
        }
        catch (Exception) when (context.RequestAborted.IsCancellationRequested)
        {
            return;
        }
        catch (Exception exception)
        {
            AdminApiLog.RequestFailed(log, context.Request.Method, context.Request.Path.Value ?? "", exception);
            answer = AdminResponse.Error(StatusCodes.Status500InternalServerError, "internal error; the log of Headgate says more");
        }

        await WriteAsync(context, answer);
    }

    private async ValueTask<AdminResponse> AnswerAsync(HttpContext context, string prefix, Func<AdminRequest, ValueTask<AdminResponse>> dispatch, bool isPublic, bool triesOut)
    {
        if (authentication.CheckAddress(context) is { } forbidden)
            return Refused(context, forbidden, "address not in allow_admin");
        string[] segments = Segments(context.Request.Path.Value!, prefix);
        if (segments.Length == 0 && HttpMethods.IsHead(context.Request.Method))
            return AdminResponse.Empty(StatusCodes.Status200OK);
        Caller? caller = Caller.Nobody(AdminAuthentication.AddressOf(context));
        GroupAddress address = caller.Home;
        if (!isPublic)
        {
            (caller, AdminResponse? unauthorised) = await authentication.AuthenticateAsync(context);
            if (caller is null)
                return Refused(context, unauthorised!, "nobody that is known, or no key that allows it");
            if (GroupAddress.Read(context.Request, caller.Home, out address) is { } wrongAddress)
                return wrongAddress;
            if (AccessCheck.Refuse(context.Request, prefix == AdminApiRegistration.PathPrefix, segments, address, caller, await TenancyAsync(address, context.RequestAborted)) is { } notAllowed)
                return Refused(context, notAllowed, $"{caller.Name} may not");
        }

        if ((WriteMessage.Check(context.Request) ?? DryRun.Check(context.Request, triesOut) ?? (IsConfigs(segments) ? null : ConvergenceWait.Check(context.Request, segments))) is { } wrong)
            return wrong;
        (ReadOnlyMemory<byte> bytes, AdminResponse? tooLarge) = await BodyReader.ReadAsync(context);
        if (tooLarge is not null)
            return tooLarge;

        // The wait for the body may have ended on an I/O thread again.
        await LeaveIoThread.Now;
        if (TakesYaml(segments) && IsYaml(context.Request.ContentType) && BodyReader.FromYaml(ref bytes) is { } noYaml)
            return noYaml;
        if (BodyReader.Parse(bytes, out JsonDocument? document) is { } invalid)
            return invalid;
        using (document)
        {
            var request = new AdminRequest(context, segments, caller, address, document?.RootElement);
            AdminResponse answer = await dispatch(request);
            return IsConfigs(segments) ? answer : await convergence.AfterAsync(answer, request, context.Request);
        }
    }

    /// <summary>A whole configuration has a wait of its own.</summary>
    private static bool IsConfigs(string[] segments) => segments is ["configs", ..];

    /// <summary>As in APISIX: whole configurations may be YAML.</summary>
    private static bool TakesYaml(string[] segments) => segments is ["configs"] or ["configs", "validate"];

    private static bool IsYaml(string? contentType) => contentType?.StartsWith("application/yaml", StringComparison.OrdinalIgnoreCase) == true;

    /// <summary>How the group is divided that a request names; that of one that there is not is nobody's.</summary>
    private async ValueTask<Tenancy> TenancyAsync(GroupAddress address, CancellationToken aborted) => (await scopes.FindAsync(address.Group, aborted) ?? scopes.Default).Tenancy;

    private AdminResponse Refused(HttpContext context, AdminResponse answer, string reason)
    {
        string address = context.Connection.RemoteIpAddress?.ToString() ?? "local";
        AdminApiLog.AccessRefused(log, address, context.Request.Method, reason);
        return answer;
    }

    /// <summary>Parts of the path below <paramref name="prefix"/>; a slash at the end is passed over.</summary>
    private static string[] Segments(string path, string prefix)
    {
        string rest = path.Length > prefix.Length ? path[(prefix.Length + 1)..] : "";
        rest = rest.EndsWith('/') ? rest[..^1] : rest;
        return rest.Length == 0 ? [] : rest.Split('/');
    }

    private Task WriteAsync(HttpContext context, AdminResponse answer)
    {
        HttpResponse response = context.Response;
        response.StatusCode = answer.Status;
        if (answer.Revision is { } revision)
            response.Headers.ETag = $"\"{revision}\"";
        foreach ((string name, string value) in answer.Headers)
            response.Headers.Append(name, value);
        foreach (ConfigError warning in answer.Warnings.Take(WarningsMax))
            response.Headers.Append("X-Headgate-Warning", Printable(warning));
        if (answer.Streamed is not null)
            return StreamAsync(context, answer);
        if (answer.Status != StatusCodes.Status204NoContent)
            response.ContentLength = answer.Body.Length;
        if (answer.Body.IsEmpty)
            return Task.CompletedTask;
        response.ContentType = answer.ContentType;
        return HttpMethods.IsHead(context.Request.Method) ? Task.CompletedTask : response.Body.WriteAsync(answer.Body, context.RequestAborted).AsTask();
    }

    /// <summary>The status is out when something fails: only the cut-off connection can tell the client.</summary>
    private async Task StreamAsync(HttpContext context, AdminResponse answer)
    {
        context.Response.ContentType = answer.ContentType;
        if (HttpMethods.IsHead(context.Request.Method))
            return;
        try
        {
            await answer.Streamed!(context.Response.Body, context.RequestAborted);
        }
        catch (Exception exception)
        {
            if (!context.RequestAborted.IsCancellationRequested)
                AdminApiLog.RequestFailed(log, context.Request.Method, context.Request.Path.Value ?? "", exception);
            context.Abort();
        }
    }

    /// <summary>A header value may hold visible ASCII only, and the text quotes what the client sent.</summary>
    private static string Printable(ConfigError warning)
    {
        string text = warning.Path.Length == 0 ? warning.Message : $"{warning.Path}: {warning.Message}";
        StringBuilder printable = new(Math.Min(text.Length, WarningCharactersMax));
        foreach (char character in text.AsSpan(0, Math.Min(text.Length, WarningCharactersMax)))
            printable.Append(character is >= ' ' and <= '~' ? character : '?');
        return printable.ToString();
    }
}
