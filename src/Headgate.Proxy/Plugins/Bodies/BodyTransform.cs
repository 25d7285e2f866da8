namespace Headgate.Proxy.Plugins.Bodies;

/// <summary>
/// What a plugin makes of an answer's body, run by run. One for each answer, used by its flow alone; its calls come in the order <see cref="Write"/>, <see cref="Pause"/> any number of
/// times, <see cref="End"/> until it says that it is done, and at last <see cref="Release"/>, which also comes alone when the answer breaks off or has no body. Nothing blocks. An
/// exception is a mistake or a body that cannot be changed: the client is cut off, so that it never takes a part for the whole.
/// </summary>
public abstract class BodyTransform
{
    /// <summary>Whether what follows of the body still matters. Once false it stays so: the body is not read any further, and <see cref="End"/> follows.</summary>
    public virtual bool NeedsMore => true;

    /// <summary>Bytes of the changed body, when <paramref name="length"/> are those of the body as it comes, −1 = not known; −1 = it cannot be said beforehand.</summary>
    public virtual long LengthOf(long length) => -1;

    /// <summary>Takes a run of the body, never empty, and passes on what it makes of it; what is kept is copied.</summary>
    public abstract void Write(ReadOnlySpan<byte> run, BodySink next);

    /// <summary>Nothing more has come so far, of a body of unknown length: passes on what a client that waits should have.</summary>
    public virtual void Pause(BodySink next)
    {
    }

    /// <summary>
    /// The body is complete: passes on the rest, some 64 KiB of it at most. True when that was all; else it is called again when the client has taken it.
    /// </summary>
    public virtual bool End(BodySink next) => true;

    /// <summary>The answer is over: gives back what it holds, and may serve another answer from now on.</summary>
    public virtual void Release()
    {
    }
}
