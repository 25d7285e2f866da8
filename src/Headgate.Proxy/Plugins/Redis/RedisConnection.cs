using System.Diagnostics.CodeAnalysis;
using System.Net.Security;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Headgate.Proxy.Transport;

namespace Headgate.Proxy.Plugins.Redis;

/// <summary>An open connection, logged in. One flow writes, one reads; any thread disposes.</summary>
internal sealed class RedisConnection : IDisposable
{
    private readonly Stream _stream;
    private byte[] _received = new byte[4096];
    private int _start;
    private int _end;

    private RedisConnection(Stream stream) => _stream = stream;

    /// <summary>Connects, logs in and chooses the database, within the server's timeout.</summary>
    /// <exception cref="IOException">The server cannot be reached, or refuses; says why.</exception>
    public static async Task<RedisConnection> OpenAsync(RedisServer server, TimeProvider time)
    {
        using var timeout = new CancellationTokenSource(server.Timeout, time);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        RedisConnection? connection = null;
        try
        {
            await socket.ConnectAsync(server.Host, server.Port, timeout.Token);
            Stream stream = new NetworkStream(socket, ownsSocket: true);
            connection = new RedisConnection(server.UsesTls ? await EncryptAsync(stream, server, timeout.Token) : stream);
            await connection.LogInAsync(server, timeout.Token);
            return connection;
        }
        catch (Exception failure) when (failure is not IOException)
        {
            connection?.Dispose();
            socket.Dispose();
            throw new IOException(failure is OperationCanceledException ? $"no answer within {server.Timeout.TotalMilliseconds} ms" : failure.Message, failure);
        }
        catch
        {
            connection?.Dispose();
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Sends commands.</summary>
    public ValueTask WriteAsync(ReadOnlyMemory<byte> commands, CancellationToken cancellationToken) => _stream.WriteAsync(commands, cancellationToken);

    /// <summary>The next answer.</summary>
    /// <exception cref="IOException">The connection has ended.</exception>
    /// <exception cref="InvalidDataException">What came is no answer.</exception>
    [AsyncMethodBuilder(typeof(PooledAsyncMethodBuilder<>))]
    public async ValueTask<RedisAnswer> ReadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            int length = RespReader.Read(_received.AsSpan(_start.._end), out RedisAnswer answer);
            _start += length;
            if (length > 0)
                return answer;
            MakeRoom();
            int count = await _stream.ReadAsync(_received.AsMemory(_end), cancellationToken);
            _end += count;
            if (count == 0)
                throw new EndOfStreamException("the server has closed the connection");
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _stream.Dispose();

    private void MakeRoom()
    {
        _received.AsSpan(_start.._end).CopyTo(_received);
        (_start, _end) = (0, _end - _start);
        if (_end < _received.Length)
            return;
        if (_end >= RespReader.BytesMax)
            throw new InvalidDataException("the answer is too long");
        Array.Resize(ref _received, _end * 2);
    }

    private static async Task<Stream> EncryptAsync(Stream stream, RedisServer server, CancellationToken cancellationToken)
    {
        var encrypted = new SslStream(stream);
        await encrypted.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions { TargetHost = server.Host, RemoteCertificateValidationCallback = server.VerifiesTls ? null : AcceptAny }, cancellationToken);
        return encrypted;
    }

    [SuppressMessage("Security", "CA5359:Do Not Disable Certificate Validation", Justification = "Verifying is a setting of the server's, as in APISIX.")]
    private static bool AcceptAny(object sender, object? certificate, object? chain, SslPolicyErrors errors) => true;

    /// <summary>PING is answered by a server that is alive, which one that takes connections need not be.</summary>
    private async Task LogInAsync(RedisServer server, CancellationToken cancellationToken)
    {
        var writer = new RespWriter();
        int answers = 1;
        if (server.Password is { } password)
        {
            answers++;
            writer.Begin(server.Username is null ? 2 : 3);
            writer.Add("AUTH"u8);
            if (server.Username is { } username)
                writer.Add(username);
            writer.Add(password);
        }

        if (server.Database != 0)
        {
            answers++;
            writer.Begin(2);
            writer.Add("SELECT"u8);
            writer.Add(server.Database);
        }

        writer.Begin(1);
        writer.Add("PING"u8);
        await WriteAsync(writer.Bytes, cancellationToken);
        for (int i = 0; i < answers; i++)
        {
            if (await ReadAsync(cancellationToken) is { IsError: true, Error: var error })
                throw new IOException(error);
        }
    }
}
