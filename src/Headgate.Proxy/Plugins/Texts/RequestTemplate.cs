using System.Buffers;
using Headgate.Core.Primitives;

namespace Headgate.Proxy.Plugins.Texts;

/// <summary>
/// Text with places for variables of a request and captures of a regular expression, compiled by <see cref="TemplateParser"/>. Immutable, thread-safe; writing allocates nothing
/// in the long run.
/// </summary>
internal sealed class RequestTemplate(TemplatePart[] parts)
{
    /// <summary>Whether a capture of the match stands in it, the whole match apart.</summary>
    public bool HasGroups { get; } = parts.Any(static part => part.Group > 0);

    /// <summary>Names of variables that no request has here.</summary>
    public IEnumerable<string> UnknownVariables => parts.Where(static part => part.Variable is { IsSupported: false }).Select(static part => part.Variable!.Name);

    /// <summary>Adds the text, every byte that is not in <paramref name="kept"/> percent-encoded.</summary>
    public void Write(IRequestView request, scoped Captures captures, ref ByteBuilder to, SearchValues<byte> kept)
    {
        Span<byte> scratch = stackalloc byte[RequestVariable.ScratchBytes];
        foreach (ref readonly TemplatePart part in parts.AsSpan())
            to.AddEncoded(Value(part, request, captures, scratch), kept);
    }

    /// <summary>
    /// Adds the text as path and query of a target. A question mark that is written in the template begins the query; one that comes with a value is encoded as long as the path
    /// lasts. True when there is a query.
    /// </summary>
    public bool WriteTarget(IRequestView request, scoped Captures captures, ref ByteBuilder to)
    {
        Span<byte> scratch = stackalloc byte[RequestVariable.ScratchBytes];
        bool inQuery = false;
        foreach (ref readonly TemplatePart part in parts.AsSpan())
        {
            ReadOnlySpan<byte> value = Value(part, request, captures, scratch);
            if (!inQuery && part.Variable is null && part.Group < 0 && value.IndexOf((byte)'?') is var at and >= 0)
            {
                to.AddEncoded(value[..at], TextSets.Path);
                value = value[at..];
                inQuery = true;
            }

            to.AddEncoded(value, inQuery ? TextSets.Target : TextSets.Path);
        }

        return inQuery;
    }

    private static ReadOnlySpan<byte> Value(in TemplatePart part, IRequestView request, Captures captures, Span<byte> scratch)
    {
        if (part.Group >= 0)
            return captures[part.Group];
        return part.Variable is not null && part.Variable.TryGet(request, scratch, out ReadOnlySpan<byte> value) ? value : part.Text;
    }
}
