using System.Text.Json;
using Headgate.Control.AdminApi;
using Headgate.Store;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Headgate.Control;

/// <summary>
/// A request's way to an endpoint below <c>/api</c>: off the I/O thread, address, key, body, answer; every failure becomes an answer here. As the Admin API's, without what only
/// APISIX's clients need.
/// </summary>
internal sealed class GuardedEndpoint(AdminAuthentication authentication, ILogger<GuardedEndpoint> log)
{
    /// <summary>Answers a request by <paramref name="answer"/>, which is given the body; null when there is none.</summary>
    public async Task InvokeAsync(HttpContext context, Func<HttpContext, JsonElement?, AdminResponse> answer)
    {
        await LeaveIoThread.Now;
        AdminResponse given;
        try
        {
            given = await AnswerAsync(context, answer);
        }
        catch (StoreUnavailableException exception)
        {
            given = AdminResponse.Error(StatusCodes.Status503ServiceUnavailable, exception.Message);
        }
        catch (BadHttpRequestException exception)
        {
            given = BodyReader.Invalid(exception.Message);
        }
        catch (Exception) when (context.RequestAborted.IsCancellationRequested)
        {
            return;
        }
        catch (Exception exception)
        {
            AdminApiLog.RequestFailed(log, context.Request.Method, context.Request.Path.Value ?? "", exception);
            given = AdminResponse.Error(StatusCodes.Status500InternalServerError, "internal error; the log of Headgate says more");
        }

        context.Response.StatusCode = given.Status;
        context.Response.ContentType = given.ContentType;
        context.Response.ContentLength = given.Body.Length;
        if (!HttpMethods.IsHead(context.Request.Method))
            await context.Response.Body.WriteAsync(given.Body, context.RequestAborted);
    }

    private async ValueTask<AdminResponse> AnswerAsync(HttpContext context, Func<HttpContext, JsonElement?, AdminResponse> answer)
    {
        if ((authentication.CheckAddress(context) ?? authentication.CheckKey(context, out _)) is { } refused)
        {
            string address = context.Connection.RemoteIpAddress?.ToString() ?? "local";
            AdminApiLog.AccessRefused(log, address, context.Request.Method, refused.Status == 403 ? "address not in allow_admin" : "no key that allows it");
            return refused;
        }

        (ReadOnlyMemory<byte> bytes, AdminResponse? tooLarge) = await BodyReader.ReadAsync(context);
        if (tooLarge is not null)
            return tooLarge;
        await LeaveIoThread.Now; // the wait for the body may have ended on an I/O thread again
        if (BodyReader.Parse(bytes, out JsonDocument? document) is { } invalid)
            return invalid;
        using (document)
            return answer(context, document?.RootElement);
    }
}
