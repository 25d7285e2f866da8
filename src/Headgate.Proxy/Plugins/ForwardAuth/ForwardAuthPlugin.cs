using System.Net.Http;
using System.Text;
using Headgate.Proxy.Plugins.Bodies;

namespace Headgate.Proxy.Plugins.ForwardAuth;

/// <summary>Asks the server about each request; what it refuses is answered as it says.</summary>
internal sealed class ForwardAuthPlugin(ForwardAuthConfig config, AuthorizationServer server) : Plugin
{
    private const int ClientGone = 499;

    private readonly AuthorizationRequest _request = new(config);
    private readonly byte[][] _upstreamHeaders = [.. config.UpstreamHeaders.Items.Select(Encoding.ASCII.GetBytes)];

    /// <inheritdoc/>
    public override PluginPhases Phases => PluginPhases.Access;

    /// <inheritdoc/>
    public override async ValueTask<PluginVerdict> AccessAsync(PluginContext context)
    {
        if (config.PostedBytesMax is { } bytesMax)
        {
            BodyReading body = await context.RequestBody.ReadAsync(bytesMax);
            if (body != BodyReading.Whole)
                return body == BodyReading.TooLarge ? context.Answer(413) : context.AnswerBrokenBody();
        }

        AuthorizationAnswer answer;
        using (HttpRequestMessage request = _request.About(context))
        using (var client = new ClientWatch(context))
            answer = await server.AskAsync(request, client.Gone);

        if (context.IsClientGone)
            return context.Answer(ClientGone); // nobody reads it; a request that nobody has allowed goes no further
        if (answer.Status == 0)
            return config.AllowsDegradation ? PluginVerdict.Continue : context.Answer(config.StatusOnError);
        return answer.Status < 300 ? Pass(context, answer) : Refuse(context, answer);
    }

    /// <summary>The node gets the server's fields, and none that the client has written in their place.</summary>
    private PluginVerdict Pass(PluginContext context, AuthorizationAnswer answer)
    {
        foreach (byte[] name in _upstreamHeaders)
            context.Forwarded.Remove(name);
        foreach ((byte[] name, byte[] value) in answer.Fields)
            context.Forwarded.Add(name, value);
        return PluginVerdict.Continue;
    }

    private static PluginVerdict Refuse(PluginContext context, AuthorizationAnswer answer)
    {
        ReadOnlySpan<byte> contentType = JsonBodies.ContentType;
        foreach ((byte[] name, byte[] value) in answer.Fields)
        {
            if (Ascii.EqualsIgnoreCase(name, "content-type"u8))
                contentType = value;
            else
                context.Response.Add(name, value);
        }

        return context.Answer(answer.Status, contentType, answer.Body);
    }
}
