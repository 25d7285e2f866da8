using System.Security.Cryptography;
using System.Text;

namespace Headgate.Proxy.Plugins.RequestId;

/// <summary>Keeps the id that the client has sent, and makes one where there is none.</summary>
internal sealed class RequestIdPlugin(RequestIdConfig config, TimeProvider time) : Plugin
{
    private const int LengthMax = 256;

    private readonly byte[] _name = Encoding.ASCII.GetBytes(config.HeaderName);
    private readonly byte[] _lowerName = Encoding.ASCII.GetBytes(config.HeaderName.ToLowerInvariant());

    /// <inheritdoc/>
    public override PluginPhases Phases => PluginPhases.Rewrite | (config.IsInResponse ? PluginPhases.ResponseHead : PluginPhases.None);

    /// <inheritdoc/>
    public override ValueTask<PluginVerdict> RewriteAsync(PluginContext context)
    {
        if (context.Forwarded.TryGet(_lowerName, out ReadOnlySpan<byte> sent) && !sent.IsEmpty)
            return default;
        Span<byte> id = stackalloc byte[LengthMax];
        context.Forwarded.Set(_name, id[..Write(id)]);
        return default;
    }

    /// <inheritdoc/>
    public override void OnResponseHead(PluginContext context)
    {
        if (context.Response.TryGet(_lowerName, out ReadOnlySpan<byte> answered) && !answered.IsEmpty)
            return;
        if (context.Forwarded.TryGet(_lowerName, out ReadOnlySpan<byte> id))
            context.Response.Set(_name, id);
    }

    private int Write(Span<byte> to)
    {
        switch (config.Algorithm)
        {
            case RequestIdAlgorithm.Uuid:
                return WriteGuid(Guid.NewGuid(), to);
            case RequestIdAlgorithm.UuidV7:
                return WriteGuid(Guid.CreateVersion7(time.GetUtcNow()), to);
            case RequestIdAlgorithm.NanoId:
                return WriteRandom("-_0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", 21, to);
            default:
                return WriteRandom(config.RangeCharacters, config.RangeLength, to);
        }
    }

    private static int WriteGuid(Guid id, Span<byte> to)
    {
        id.TryFormat(to, out int written);
        return written;
    }

    private static int WriteRandom(string characters, int length, Span<byte> to)
    {
        Span<char> drawn = stackalloc char[LengthMax];
        RandomNumberGenerator.GetItems(characters, drawn[..length]);
        return Encoding.ASCII.GetBytes(drawn[..length], to);
    }
}
