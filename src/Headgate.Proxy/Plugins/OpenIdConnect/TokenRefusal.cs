namespace Headgate.Proxy.Plugins.OpenIdConnect;

/// <summary>How a request is refused. Immutable.</summary>
/// <param name="Status">The status.</param>
/// <param name="Challenge">Value of <c>WWW-Authenticate</c>; null = none.</param>
/// <param name="Body">A body of JSON; null = the gateway's own.</param>
internal sealed record TokenRefusal(int Status, byte[]? Challenge = null, byte[]? Body = null)
{
    /// <summary>Answers the request.</summary>
    public PluginVerdict Answer(PluginContext context)
    {
        if (Challenge is not null)
            context.Response.Set("www-authenticate"u8, Challenge);
        return Body is null ? context.Answer(Status) : context.Answer(Status, JsonBodies.ContentType, Body);
    }
}
