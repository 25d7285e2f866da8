using System.Text;
using Headgate.Proxy.Http1;

namespace Headgate.Proxy.Plugins;

/// <summary>
/// What plugins change of a request on its way to the node: its method, target, Host and header fields. The client's request stays what it was for matching; its header fields, as
/// variables and later plugins read them, are those after the changes. One for each request in work; used by its flow.
/// </summary>
public sealed class RequestEdits : FieldEdits
{
    private RequestHead _head = null!;
    private byte[] _method = [];
    private byte[] _target = [];
    private byte[] _host = [];
    private int _methodLength;
    private int _targetLength;
    private int _hostLength;

    /// <summary>The method for the node; empty = the client's.</summary>
    public ReadOnlySpan<byte> Method => _method.AsSpan(0, _methodLength);

    /// <summary>Path and query for the node; empty = the client's.</summary>
    public ReadOnlySpan<byte> Target => _target.AsSpan(0, _targetLength);

    /// <summary>Host for the node, where the upstream passes the client's on (<c>pass_host: pass</c>); empty = the client's.</summary>
    public ReadOnlySpan<byte> Host => _host.AsSpan(0, _hostLength);

    /// <summary>Bytes that the node's head can be longer by than the client's.</summary>
    internal int SizeMax => Added.Length + _methodLength + _targetLength + _hostLength;

    /// <summary>Sets the method. <paramref name="method"/> is a token.</summary>
    /// <exception cref="ArgumentException">It is none.</exception>
    public void SetMethod(ReadOnlySpan<byte> method)
    {
        if (method.IsEmpty || method.ContainsAnyExcept(ByteSets.Token))
            throw new ArgumentException($"\"{Encoding.Latin1.GetString(method)}\" is no method");
        Keep(method, ref _method, out _methodLength);
    }

    /// <summary>Sets path and query, percent-encoded as they are to be sent; they begin with a slash.</summary>
    /// <exception cref="ArgumentException">They do not, or have a byte that cannot stand in a request line.</exception>
    public void SetTarget(ReadOnlySpan<byte> target)
    {
        if (target.IsEmpty || target[0] != '/' || target.ContainsAnyExcept(ByteSets.Target))
            throw new ArgumentException($"\"{Encoding.Latin1.GetString(target)}\" is no request target");
        Keep(target, ref _target, out _targetLength);
    }

    /// <summary>Sets Host, with a port where it is to have one.</summary>
    /// <exception cref="ArgumentException">It has a control character or white space.</exception>
    public void SetHost(ReadOnlySpan<byte> host)
    {
        if (host.ContainsAny(ByteSets.Control) || host.Contains((byte)' '))
            throw new ArgumentException($"\"{Encoding.Latin1.GetString(host)}\" is no host");
        Keep(host, ref _host, out _hostLength);
    }

    /// <summary>The first value of a field as the node will see it. <paramref name="lowerName"/> is lower-case.</summary>
    public bool TryGet(ReadOnlySpan<byte> lowerName, out ReadOnlySpan<byte> value) => _head.TryGet(lowerName, out value) || Added.TryGet(lowerName, out value);

    /// <summary>The values of a field one after the other, as <see cref="TryGet"/>; of those that plugins have added, the first. <paramref name="place"/> is 0 for the first.</summary>
    public bool TryGetNext(ReadOnlySpan<byte> lowerName, scoped ref int place, out ReadOnlySpan<byte> value)
    {
        ReadOnlySpan<HeaderField> fields = _head.Fields;
        while (place < fields.Length)
        {
            ref readonly HeaderField field = ref fields[place++];
            if (field.NameLength != lowerName.Length || field.Known == KnownHeader.Edited || !Ascii.EqualsIgnoreCase(_head.Name(field), lowerName))
                continue;
            value = _head.Value(field);
            return true;
        }

        value = default;
        return place++ == fields.Length && Added.TryGet(lowerName, out value);
    }

    /// <summary>Sends no field of that name. Those that are the gateway's stay.</summary>
    public override void Remove(ReadOnlySpan<byte> name)
    {
        Added.Remove(name);
        foreach (ref HeaderField field in _head.MutableFields)
        {
            if (field.NameLength == name.Length && !KnownHeaders.Has(KnownHeaders.NotKeptInRequest, field.Known) && Ascii.EqualsIgnoreCase(_head.Name(field), name))
                field.Known = KnownHeader.Edited;
        }
    }

    /// <summary>Whether the field bounds the message or the connection, or is written from what the gateway saw: <see cref="SetHost"/> is for Host, the others cannot be changed.</summary>
    public static bool IsGateways(ReadOnlySpan<byte> name) =>
        KnownHeaders.Find(name) is var known && (KnownHeaders.Has(KnownHeaders.NotKeptInRequest, known) || known == KnownHeader.Trailer);

    private protected override bool IsFixed(ReadOnlySpan<byte> name) => IsGateways(name);

    /// <summary>A request begins.</summary>
    internal void Begin(RequestHead head)
    {
        _head = head;
        Added.Clear();
        (_methodLength, _targetLength, _hostLength) = (0, 0, 0);
    }

    private static void Keep(ReadOnlySpan<byte> value, ref byte[] into, out int length)
    {
        if (into.Length < value.Length)
            into = new byte[(int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Max(64, value.Length))];
        value.CopyTo(into);
        length = value.Length;
    }
}
