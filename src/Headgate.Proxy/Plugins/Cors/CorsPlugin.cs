using System.Globalization;
using System.Text;

namespace Headgate.Proxy.Plugins.Cors;

/// <summary>
/// Answers OPTIONS, and says in every answer who may read it. It says so when the request comes, before other plugins change its Origin; a request that was answered before
/// it came that far is told with its answer.
/// </summary>
internal sealed class CorsPlugin(CorsConfig config) : Plugin
{
    private readonly OriginSet _origins = new(config.AllowOrigins, config.AllowOriginsByRegex);
    private readonly OriginSet _timing = new(config.TimingAllowOrigins, config.TimingAllowOriginsByRegex);
    private readonly byte[] _methods = Encoding.UTF8.GetBytes(config.AllowMethods == "**" ? "GET,POST,PUT,DELETE,PATCH,HEAD,OPTIONS,CONNECT,TRACE" : config.AllowMethods);
    private readonly byte[]? _headers = config.AllowHeaders == "**" ? null : Encoding.UTF8.GetBytes(config.AllowHeaders);
    private readonly byte[] _exposed = Encoding.UTF8.GetBytes(config.ExposeHeaders);
    private readonly byte[] _maxAge = Encoding.ASCII.GetBytes(config.MaxAge.ToString(CultureInfo.InvariantCulture));

    /// <inheritdoc/>
    public override PluginPhases Phases => PluginPhases.Rewrite | PluginPhases.ResponseHead;

    /// <inheritdoc/>
    public override ValueTask<PluginVerdict> RewriteAsync(PluginContext context)
    {
        Tell(context);
        return context.Request.Method.SequenceEqual("OPTIONS"u8) ? new(context.Answer(200)) : default;
    }

    /// <inheritdoc/>
    public override void OnResponseHead(PluginContext context)
    {
        if (context.Note(this) == 0)
            Tell(context);
    }

    private void Tell(PluginContext context)
    {
        context.Note(this) = 1;
        context.Request.TryGetHeader("origin"u8, out ReadOnlySpan<byte> origin);
        ResponseEdits response = context.Response;
        if (_origins.Varies)
            response.Add("Vary"u8, "Origin"u8);
        if (_origins.TryGet(origin, out ReadOnlySpan<byte> allowed))
        {
            response.Set("Access-Control-Allow-Origin"u8, allowed);
            response.Set("Access-Control-Allow-Methods"u8, _methods);
            response.Set("Access-Control-Max-Age"u8, _maxAge);
            if (_exposed.Length > 0)
                response.Set("Access-Control-Expose-Headers"u8, _exposed);
            if (_headers is not null)
                response.Set("Access-Control-Allow-Headers"u8, _headers);
            else if (context.Request.TryGetHeader("access-control-request-headers"u8, out ReadOnlySpan<byte> asked))
                response.Set("Access-Control-Allow-Headers"u8, asked);
            else
                response.Remove("Access-Control-Allow-Headers"u8);
            if (config.AllowCredential)
                response.Set("Access-Control-Allow-Credentials"u8, "true"u8);
        }

        if (_timing.TryGet(origin, out ReadOnlySpan<byte> timed))
            response.Set("Timing-Allow-Origin"u8, timed);
    }
}
