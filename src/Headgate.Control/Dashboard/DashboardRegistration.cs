using System.Security.Cryptography;
using System.Text;
using Headgate.Control.AdminApi;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Headgate.Control.Dashboard;

/// <summary>Puts the dashboard into a web application: its page for every path that no API has, and the files that the page loads. It holds nothing secret; what it shows comes from the API.</summary>
public static class DashboardRegistration
{
    private const string NotBuilt = "The dashboard is not built. With Node 20 or later on the machine ./run and ./test build it; the API is here without it.\n";

    /// <summary>
    /// Serves the files in <paramref name="folder"/>, to the addresses that may use the Admin API; when there are none, <c>/</c> says so. Call <see cref="AdminApiRegistration.AddAdminApi"/> before the application is built.
    /// </summary>
    public static void MapDashboard(this IEndpointRouteBuilder endpoints, string folder)
    {
        var files = new DashboardFiles(folder);
        AdminAuthentication authentication = endpoints.ServiceProvider.GetRequiredService<AdminAuthentication>();
        endpoints.MapFallback("{**path}", context => AnswerAsync(context, files, authentication));
    }

    private static async Task AnswerAsync(HttpContext context, DashboardFiles files, AdminAuthentication authentication)
    {
        await LeaveIoThread.Now;
        HttpRequest request = context.Request;
        HttpResponse response = context.Response;
        Protect(response.Headers);
        if (request.Path.StartsWithSegments("/api") || request.Path.StartsWithSegments("/apisix"))
            response.StatusCode = StatusCodes.Status404NotFound;
        else if (authentication.CheckAddress(context) is not null)
            response.StatusCode = StatusCodes.Status403Forbidden;
        else if (!HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method))
            response.StatusCode = StatusCodes.Status405MethodNotAllowed;
        else if (files.Find(request.Path.Value!) is { } file)
            await SendAsync(context, file);
        else if (IsOfAFile(request.Path) || !files.IsBuilt)
            await SendTextAsync(context, files.IsBuilt || request.Path != "/" ? StatusCodes.Status404NotFound : StatusCodes.Status200OK, files.IsBuilt ? "" : NotBuilt);
        else
            await SendPageAsync(context, files);
    }

    /// <summary>Whether a path would be a file's: they lie at the top and below assets. Ids in the addresses of pages may have dots, too.</summary>
    private static bool IsOfAFile(PathString path) => path.StartsWithSegments("/assets") || (path.Value!.LastIndexOf('/') == 0 && Path.HasExtension(path.Value));

    /// <summary>What holds for every answer: it is what it says it is, nobody frames it, nothing is told to others.</summary>
    private static void Protect(IHeaderDictionary headers)
    {
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
    }

    private static Task SendPageAsync(HttpContext context, DashboardFiles files)
    {
        string nonce = Convert.ToBase64String(RandomNumberGenerator.GetBytes(16));
        context.Response.Headers.ContentSecurityPolicy =
            $"default-src 'none'; script-src 'self'; style-src 'self' 'nonce-{nonce}'; img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
        context.Response.Headers.CacheControl = "no-store"; // a nonce is for one answer
        context.Response.ContentType = "text/html; charset=utf-8";
        return WriteAsync(context, Encoding.UTF8.GetBytes(files.PageWith(nonce)));
    }

    private static Task SendAsync(HttpContext context, DashboardFile file)
    {
        HttpResponse response = context.Response;
        // Names of what is below assets have a hash of their content in them.
        response.Headers.CacheControl = context.Request.Path.StartsWithSegments("/assets") ? "public, max-age=31536000, immutable" : "no-cache";
        response.Headers.ETag = file.ETag;
        response.Headers.Vary = "Accept-Encoding";
        if (context.Request.Headers.IfNoneMatch == file.ETag)
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return Task.CompletedTask;
        }

        response.ContentType = file.ContentType;
        bool compressed = file.Compressed is not null && context.Request.Headers.AcceptEncoding.ToString().Contains("gzip", StringComparison.OrdinalIgnoreCase);
        if (compressed)
            response.Headers.ContentEncoding = "gzip";
        return WriteAsync(context, compressed ? file.Compressed! : file.Content);
    }

    private static Task SendTextAsync(HttpContext context, int status, string text)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return WriteAsync(context, Encoding.UTF8.GetBytes(text));
    }

    private static Task WriteAsync(HttpContext context, byte[] content)
    {
        context.Response.ContentLength = content.Length;
        return HttpMethods.IsHead(context.Request.Method) ? Task.CompletedTask : context.Response.Body.WriteAsync(content, context.RequestAborted).AsTask();
    }
}
