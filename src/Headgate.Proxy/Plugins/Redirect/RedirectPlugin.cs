using Headgate.Core.Primitives;
using Headgate.Proxy.Plugins.Texts;

namespace Headgate.Proxy.Plugins.Redirect;

/// <summary>Answers with a location.</summary>
internal sealed class RedirectPlugin(RedirectConfig config, int httpsPort) : Plugin
{
    private const int StackBytes = 512;

    private readonly RequestTemplate? _uri = config.Uri is { } uri ? TemplateParser.Location(uri) : null;
    private readonly Substitution? _regex = config.RegexUri.Count == 2 ? Substitution.Of(config.RegexUri[0], config.RegexUri[1]) : null;
    private readonly RequestTemplate _https = TemplateParser.Location(httpsPort is 0 or 443 ? "https://$host$request_uri" : $"https://$host:{httpsPort}$request_uri");

    /// <inheritdoc/>
    public override PluginPhases Phases => PluginPhases.Rewrite;

    /// <inheritdoc/>
    public override ValueTask<PluginVerdict> RewriteAsync(PluginContext context)
    {
        IRequestView request = context.Request;
        var location = new ByteBuilder(stackalloc byte[StackBytes]);
        try
        {
            if (config.HttpToHttps)
                return IsHttps(request) ? default : new(Redirect(context, IsGetOrHead(request.Method) ? 301 : 308, _https, ref location));
            if (_uri is not null)
                return new(Redirect(context, config.RetCode, _uri, ref location));
            return _regex is null ? default : Substitute(_regex, request, ref location) switch
            {
                Found.Yes => new(Answer(context, config.RetCode, ref location)),
                Found.No => default,
                _ => new(context.Answer(500)),
            };
        }
        finally
        {
            location.Dispose();
        }
    }

    /// <summary>A proxy in front knows better how the client came.</summary>
    private static bool IsHttps(IRequestView request) =>
        (request.TryGetHeader("x-forwarded-proto"u8, out ReadOnlySpan<byte> forwarded) ? forwarded : request.Scheme).SequenceEqual("https"u8);

    private static bool IsGetOrHead(ReadOnlySpan<byte> method) => method.SequenceEqual("GET"u8) || method.SequenceEqual("HEAD"u8);

    private PluginVerdict Redirect(PluginContext context, int status, RequestTemplate template, ref ByteBuilder location)
    {
        template.Write(context.Request, default, ref location, TextSets.Any);
        return Answer(context, status, ref location);
    }

    private static Found Substitute(Substitution regex, IRequestView request, ref ByteBuilder location)
    {
        Span<(int Start, int Length)> groups = stackalloc (int, int)[Captures.Max];
        Found found = regex.Match(request.Path, regex.Replacement.HasGroups ? groups : groups[..1], out int count);
        if (found != Found.Yes)
            return found;
        location.Add(request.Path[..groups[0].Start]);
        regex.Replacement.Write(request, new Captures(request.Path, groups[..count]), ref location, TextSets.Any);
        location.Add(request.Path[(groups[0].Start + groups[0].Length)..]);
        return found;
    }

    private PluginVerdict Answer(PluginContext context, int status, ref ByteBuilder location)
    {
        ReadOnlySpan<byte> raw = location.Bytes;
        int query = raw.IndexOf((byte)'?');
        int pathLength = config.EncodeUri ? query < 0 ? raw.Length : query : 0;
        var encoded = new ByteBuilder(stackalloc byte[StackBytes]);
        encoded.AddEncoded(raw[..pathLength], TextSets.Path);
        encoded.AddEncoded(raw[pathLength..], TextSets.Location);
        if (config.AppendQueryString && !context.Request.Query.IsEmpty)
        {
            encoded.Add((byte)(query < 0 ? '?' : '&'));
            encoded.AddEncoded(context.Request.Query, TextSets.Location);
        }

        context.Response.Set("Location"u8, encoded.Bytes);
        encoded.Dispose();
        return context.Answer(status);
    }
}
