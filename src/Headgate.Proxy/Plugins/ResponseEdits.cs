using Headgate.Proxy.Http1;

namespace Headgate.Proxy.Plugins;

/// <summary>
/// What plugins change of an answer's head, a node's or the gateway's own, and what it is. Changes may be made before there is one. One for each request in work; used by its flow.
/// </summary>
public sealed class ResponseEdits : FieldEdits
{
    // Names, as lines without values, of fields that the head is not to have.
    private readonly FieldLines _dropped = new();
    private ResponseHead? _head;
    private int _linesBeforeHead;
    private int _droppedBeforeHead;
    private byte[] _ownContentType = [];
    private int _ownContentTypeLength;

    /// <summary>The answer's status; 0 before there is an answer.</summary>
    public int Status { get; private set; }

    /// <summary>Whether the answer is a node's.</summary>
    public bool IsNodes => _head is not null;

    /// <summary>The node's head; null when the answer is the gateway's own, or there is none.</summary>
    internal ResponseHead? Head => _head;

    /// <summary>The first value of a field of the answer as far as it is known. <paramref name="lowerName"/> is lower-case.</summary>
    public bool TryGet(ReadOnlySpan<byte> lowerName, out ReadOnlySpan<byte> value)
    {
        value = default;
        if (!Drops(lowerName))
        {
            if (_head is not null && _head.TryGet(lowerName, out value))
                return true;
            if (_ownContentTypeLength > 0 && lowerName.SequenceEqual("content-type"u8))
            {
                value = _ownContentType.AsSpan(0, _ownContentTypeLength);
                return true;
            }
        }

        return Added.TryGet(lowerName, out value);
    }

    /// <summary>Gives the answer another status, 200 to 599; at <see cref="PluginPhases.ResponseHead"/>. A switch of protocols (101) stays what it is.</summary>
    public void SetStatus(int status)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(status, 200);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(status, 599);
        if (Status != 101)
            Status = status;
    }

    /// <summary>Sends none of the fields that are about the body as it was: its coding, its date, its tag. The length is the gateway's to write. Source: APISIX.</summary>
    public void RemoveBodyFields()
    {
        Remove("content-encoding"u8);
        Remove("last-modified"u8);
        Remove("etag"u8);
    }

    /// <summary>Sends no field of that name, whoever would bring it.</summary>
    public override void Remove(ReadOnlySpan<byte> name)
    {
        Added.Remove(name);
        if (!Drops(name))
            _dropped.Add(name, default);
    }

    /// <summary>Whether the field bounds the message or the connection and cannot be changed.</summary>
    public static bool IsGateways(ReadOnlySpan<byte> name) => KnownHeaders.Has(KnownHeaders.NotKeptInResponse & ~(1UL << (int)KnownHeader.Server), KnownHeaders.Find(name));

    /// <summary>Whether a field of that name is not sent, unless a plugin has added it.</summary>
    internal bool Drops(ReadOnlySpan<byte> name) => _dropped.Length > 0 && _dropped.TryGet(name, out _);

    private protected override bool IsFixed(ReadOnlySpan<byte> name) => IsGateways(name);

    /// <summary>A request begins.</summary>
    internal void Begin()
    {
        Added.Clear();
        _dropped.Clear();
        _head = null;
        (Status, _ownContentTypeLength) = (0, 0);
    }

    /// <summary>
    /// There is an answer, <paramref name="head"/> when it is a node's, <paramref name="contentType"/> when it is the gateway's own. What is changed from now on is undone by
    /// <see cref="TakeBackHead"/>.
    /// </summary>
    internal void BeginHead(int status, ResponseHead? head, ReadOnlySpan<byte> contentType)
    {
        if (_ownContentType.Length < contentType.Length)
            _ownContentType = new byte[Math.Max(64, contentType.Length)];
        contentType.CopyTo(_ownContentType);
        _ownContentTypeLength = contentType.Length;
        (_linesBeforeHead, _droppedBeforeHead) = (Added.Length, _dropped.Length);
        (Status, _head) = (status, head);
    }

    /// <summary>All plugins have seen the head: marks what is not sent of a node's.</summary>
    internal void EndHead()
    {
        if (_head is null || _dropped.Length == 0)
            return;
        foreach (ref HeaderField field in _head.MutableFields)
        {
            if (!KnownHeaders.Has(KnownHeaders.NotKeptInResponse, field.Known) && Drops(_head.Name(field)))
                field.Known = KnownHeader.Edited;
        }
    }

    /// <summary>The client has seen nothing of the answer, and another one follows.</summary>
    internal void TakeBackHead()
    {
        Added.Truncate(_linesBeforeHead);
        _dropped.Truncate(_droppedBeforeHead);
        (Status, _head, _ownContentTypeLength) = (0, null, 0);
    }
}
