using System.IO.Pipelines;
using Headgate.Proxy.Transport;
using Headgate.Proxy.Transport.Kestrel;
using Microsoft.AspNetCore.Connections;

namespace Headgate.Proxy.Tests.Transport.Kestrel;

public sealed class KestrelConnectionTests : IDisposable
{
    private readonly DeadlineWheel _deadlines = new();
    private readonly Pipe _input = new();
    private readonly Pipe _output = new();

    public void Dispose() => _deadlines.Dispose();

    [Fact]
    public async Task ReadAsync_ClientHadResetBefore_IsFailed()
    {
        await _input.Writer.WriteAsync("GET /"u8.ToArray(), TestContext.Current.CancellationToken);
        await _input.Writer.CompleteAsync(new ConnectionResetException("reset by the client"));

        (await Connection().ReadAsync()).ShouldBe(ReadOutcome.Failed);
    }

    [Fact]
    public async Task FlushAsync_ClientHadResetBefore_IsNotTaken()
    {
        await _output.Reader.CompleteAsync(new ConnectionResetException("reset by the client"));
        KestrelConnection connection = Connection();
        connection.GetSpan(1)[0] = 1;
        connection.Advance(1);

        (await connection.FlushAsync()).ShouldBeFalse();
    }

    private KestrelConnection Connection() =>
        new(new DefaultConnectionContext("test") { Transport = new Duplex(_input.Reader, _output.Writer) }, _deadlines);

    private sealed record Duplex(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
