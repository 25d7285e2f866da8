namespace Headgate.Proxy.Http1;

/// <summary>A parsed response head.</summary>
public sealed class ResponseHead : MessageHead
{
    internal int ReasonStart;
    internal int ReasonLength;

    /// <summary>100..599.</summary>
    public int Status { get; internal set; }

    /// <summary>Reason phrase as sent; may be empty.</summary>
    public ReadOnlySpan<byte> Reason => Slice(ReasonStart, ReasonLength);

    /// <summary>The node sent a Date.</summary>
    public bool HasDate { get; internal set; }

    /// <summary>The node switches protocols (101 with Connection: upgrade, Upgrade: websocket).</summary>
    public bool IsUpgrade { get; internal set; }

    /// <inheritdoc/>
    internal override HeadFault? TakeField(in HeaderField field, ReadOnlySpan<byte> value, ref FieldFacts facts) =>
        ResponseFields.Take(this, field.Known, value, ref facts);

    /// <summary>Becomes the same as another head, in memory of its own.</summary>
    internal void CopyFrom(ResponseHead other)
    {
        CopyFields(other);
        (Status, ReasonStart, ReasonLength, HasDate, IsUpgrade) = (other.Status, other.ReasonStart, other.ReasonLength, other.HasDate, other.IsUpgrade);
    }

    /// <summary>Becomes a head that was not received: its bytes, where in them its reason and first field line begin, and its fields, Date among them.</summary>
    internal void Set(int status, ReadOnlySpan<byte> bytes, int reasonStart, int reasonLength, int fieldsStart, List<HeaderField> fields)
    {
        Reset();
        Hold(bytes);
        (Status, ReasonStart, ReasonLength, FieldsStart, HasDate) = (status, reasonStart, reasonLength, fieldsStart, true);
        foreach (HeaderField field in fields)
            AddField() = field;
    }

    /// <inheritdoc/>
    internal override void Reset()
    {
        base.Reset();
        (Status, ReasonStart, ReasonLength, IsUpgrade, HasDate) = (0, 0, 0, false, false);
    }
}
