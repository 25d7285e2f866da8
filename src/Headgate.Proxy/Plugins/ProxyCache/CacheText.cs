using System.Buffers.Binary;
using System.Text;
using System.Text.RegularExpressions;
using Headgate.Core.Primitives;
using Headgate.Proxy.Plugins.Texts;

namespace Headgate.Proxy.Plugins.ProxyCache;

/// <summary>Texts and variables, as <c>cache_key</c> and its like list them: what begins with a dollar is a variable. Immutable, thread-safe; allocates nothing in the long run.</summary>
internal sealed partial class CacheText
{
    private readonly (byte[] Text, RequestVariable? Variable)[] _parts;

    public CacheText(EquatableArray<string> terms) =>
        _parts = [.. terms.Items.Select(static term => term[0] == '$' ? ([], RequestVariable.Parse(term[1..])) : (Encoding.UTF8.GetBytes(term), (RequestVariable?)null))];

    /// <summary>Whether it can be one of the list. Source: APISIX's pattern.</summary>
    public static bool IsTerm(string term) => Term().IsMatch(term);

    /// <summary>The variable that no request has; null = it is none, or requests have it.</summary>
    public static string? UnknownVariable(string term) => term[0] == '$' && !RequestVariable.Parse(term[1..]).IsSupported ? term : null;

    /// <summary>Adds all values, each behind its length, so that different requests never make the same key.</summary>
    public void WriteKey(IRequestView request, ref ByteBuilder to)
    {
        Span<byte> scratch = stackalloc byte[RequestVariable.ScratchBytes];
        Span<byte> length = stackalloc byte[sizeof(int)];
        foreach ((byte[] text, RequestVariable? variable) in _parts)
        {
            ReadOnlySpan<byte> value = variable is null ? text : variable.TryGet(request, scratch, out ReadOnlySpan<byte> found) ? found : default;
            BinaryPrimitives.WriteInt32LittleEndian(length, value.Length);
            to.Add(length);
            to.Add(value);
        }
    }

    /// <summary>Whether the values, one behind the other, are neither empty nor <c>0</c>.</summary>
    public bool Holds(IRequestView request)
    {
        Span<byte> scratch = stackalloc byte[RequestVariable.ScratchBytes];
        int length = 0;
        bool isZero = false;
        foreach ((byte[] text, RequestVariable? variable) in _parts)
        {
            ReadOnlySpan<byte> value = variable is null ? text : variable.TryGet(request, scratch, out ReadOnlySpan<byte> found) ? found : default;
            isZero = value.IsEmpty ? isZero : length == 0 && value.SequenceEqual("0"u8);
            length += value.Length;
        }

        return length > 0 && !isZero;
    }

    [GeneratedRegex(@"^(?:[^$].+|\$[0-9a-zA-Z_]+)\z")]
    private static partial Regex Term();
}
