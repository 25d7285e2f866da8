using System.Text;
using Headgate.Proxy.Plugins.Bodies;
using Headgate.Proxy.Plugins.Texts;

namespace Headgate.Proxy.Plugins.Compression;

/// <summary>Compresses answers for clients that take it.</summary>
/// <param name="config">What is compressed.</param>
/// <param name="coding">Name of the coding.</param>
/// <param name="alias">Its other name; empty = none.</param>
internal abstract class CompressionPlugin(CompressionConfig config, byte[] coding, byte[] alias) : Plugin, IContentCoding
{
    private const int StackBytes = 256;

    private readonly byte[][]? _types = config.Types is { } types ? [.. types.Items.Select(Encoding.UTF8.GetBytes)] : null;

    /// <inheritdoc/>
    public override PluginPhases Phases => PluginPhases.ResponseBody;

    /// <inheritdoc/>
    public override void OnResponseBody(PluginContext context)
    {
        if (!Takes(context))
            return;
        if (config.Varies && !(context.Response.TryGet("vary"u8, out ReadOnlySpan<byte> vary) && Ascii.EqualsIgnoreCase(vary, "accept-encoding"u8)))
            context.Response.Add("Vary"u8, "Accept-Encoding"u8);
        if (config.ServesHttp10 || context.VersionMinor >= 1)
            context.Body.OfferCoding(this, AcceptedCodings.Quality(context, coding, alias));
    }

    /// <summary>The tag is weakened: what it names is no longer the same byte by byte (RFC 9110 §8.8.1).</summary>
    public void Encode(PluginContext context)
    {
        ResponseEdits answer = context.Response;
        answer.Set("Content-Encoding"u8, coding);
        answer.Remove("accept-ranges"u8);
        if (answer.TryGet("etag"u8, out ReadOnlySpan<byte> tag) && tag is not [(byte)'W', (byte)'/', ..])
        {
            var weak = new ByteBuilder(stackalloc byte[StackBytes]);
            weak.Add("W/"u8);
            weak.Add(tag);
            answer.Remove("etag"u8);
            if (weak.Bytes is [_, _, (byte)'"', .., (byte)'"'])
                answer.Add("ETag"u8, weak.Bytes);
            weak.Dispose();
        }

        context.Body.Add(Begin());
    }

    /// <summary>Makes a compressed answer's body.</summary>
    protected abstract BodyTransform Begin();

    /// <summary>Whether answers of that status are compressed.</summary>
    protected abstract bool TakesStatus(int status);

    private bool Takes(PluginContext context)
    {
        ResponseEdits answer = context.Response;
        return TakesStatus(answer.Status)
            && (context.Body.Length < 0 || context.Body.Length >= config.BytesMin)
            && answer.TryGet("content-type"u8, out ReadOnlySpan<byte> type) && TakesType(type)
            && !answer.TryGet("content-encoding"u8, out _)
            && !(answer.TryGet("cache-control"u8, out ReadOnlySpan<byte> control) && ForbidsTransforms(control));
    }

    private bool TakesType(ReadOnlySpan<byte> type)
    {
        if (_types is null)
            return true;
        if (type.IndexOf((byte)';') is var semicolon and >= 0)
            type = type[..semicolon];
        type = type.Trim(" \t"u8);
        foreach (byte[] taken in _types)
        {
            if (Ascii.EqualsIgnoreCase(type, taken))
                return true;
        }

        return false;
    }

    /// <summary><c>no-transform</c> binds everybody on the way (RFC 9111 §5.2.2.6).</summary>
    private static bool ForbidsTransforms(ReadOnlySpan<byte> control)
    {
        foreach (Range range in control.Split((byte)','))
        {
            if (Ascii.EqualsIgnoreCase(control[range].Trim(" \t"u8), "no-transform"u8))
                return true;
        }

        return false;
    }
}
