namespace Headgate.Proxy.Plugins.Bodies;

/// <summary>Where a <see cref="BodyTransform"/> passes the body on: to the next one, and in the end to the client.</summary>
public readonly struct BodySink
{
    private readonly ResponseBody _body;
    private readonly int _step;

    internal BodySink(ResponseBody body, int step) => (_body, _step) = (body, step);

    /// <summary>Passes bytes on; they are not needed any more when this returns.</summary>
    public void Write(ReadOnlySpan<byte> run) => _body.Pass(run, _step);
}
