using System.Net.Http;
using System.Text;
using Headgate.Core.Primitives;
using Headgate.Proxy.Plugins.Texts;

namespace Headgate.Proxy.Plugins.ForwardAuth;

/// <summary>Makes the requests by which the server is asked. Immutable, thread-safe.</summary>
internal sealed class AuthorizationRequest(ForwardAuthConfig config)
{
    private const int StackBytes = 512;
    private const string ContentEncoding = "Content-Encoding";

    private readonly (string Name, RequestTemplate Value)[] _extra = [.. config.ExtraHeaders.Items.Select(static field => (field.Name, TemplateParser.Value(field.Value)))];

    private readonly (string Name, byte[] LowerName)[] _copied =
    [
        .. config.RequestHeaders.Items.Distinct(StringComparer.OrdinalIgnoreCase)
            .Where(name => config.PostedBytesMax is null || !string.Equals(name, ContentEncoding, StringComparison.OrdinalIgnoreCase)) // is there already
            .Where(name => !config.ExtraHeaders.Items.Any(extra => string.Equals(extra.Name, name, StringComparison.OrdinalIgnoreCase)))
            .Select(static name => (name, Encoding.ASCII.GetBytes(name.ToLowerInvariant()))),
    ];

    /// <summary>The request about the client's, as it stands now.</summary>
    public HttpRequestMessage About(PluginContext context)
    {
        IRequestView request = context.Request;
        var made = new HttpRequestMessage(config.PostedBytesMax is null ? HttpMethod.Get : HttpMethod.Post, config.Uri);
        if (config.PostedBytesMax is not null)
            AddBody(made, context);
        Add(made, "X-Forwarded-Proto", request.Scheme);
        Add(made, "X-Forwarded-Method", context.Forwarded.Method.IsEmpty ? request.Method : context.Forwarded.Method);
        Add(made, "X-Forwarded-Host", request.Host);
        Add(made, "X-Forwarded-Uri", request.RequestUri);
        Span<byte> address = stackalloc byte[AddressText.BytesMax];
        Add(made, "X-Forwarded-For", address[..AddressText.Format(request.ClientAddress, address)]);
        foreach ((string name, RequestTemplate value) in _extra)
            AddExtra(made, name, value, request);

        // All of a name, as the node gets them: of two credentials the server must not see the good one only.
        foreach ((string name, byte[] lowerName) in _copied)
        {
            int place = 0;
            while (context.Forwarded.TryGetNext(lowerName, ref place, out ReadOnlySpan<byte> value))
                Add(made, name, value);
        }

        return made;
    }

    /// <summary>A copy of the body: what is still sent of it when the server has answered outlives the request. Of its fields the coding says how to read it.</summary>
    private static void AddBody(HttpRequestMessage to, PluginContext context)
    {
        to.Content = new ByteArrayContent(context.RequestBody.Bytes.ToArray());
        if (context.Forwarded.TryGet("content-encoding"u8, out ReadOnlySpan<byte> coding))
            Add(to, ContentEncoding, coding);
    }

    private static void AddExtra(HttpRequestMessage to, string name, RequestTemplate value, IRequestView request)
    {
        var text = new ByteBuilder(stackalloc byte[StackBytes]);
        value.Write(request, default, ref text, TextSets.Field);
        Remove(to, name);
        Add(to, name, text.Bytes);
        text.Dispose();
    }

    private static void Remove(HttpRequestMessage from, string name)
    {
        if (from.Headers.NonValidated.Contains(name))
            from.Headers.Remove(name);
        else if (from.Content?.Headers.NonValidated.Contains(name) == true)
            from.Content.Headers.Remove(name);
    }

    private static void Add(HttpRequestMessage to, string name, ReadOnlySpan<byte> value)
    {
        string text = Encoding.Latin1.GetString(value);
        if (to.Headers.TryAddWithoutValidation(name, text))
            return;

        // The framework keeps fields such as Content-Type with the content, which is empty here.
        to.Content ??= new ByteArrayContent([]);
        to.Content.Headers.TryAddWithoutValidation(name, text);
    }
}
