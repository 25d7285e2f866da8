namespace Headgate.Tests.EndToEnd.Soak;

/// <summary>Clients that go away: by a reset or in order, in the middle of a head, a body, an answer, a WebSocket frame. Only those that have a right to an answer are judged.</summary>
internal sealed class AbortFlow(SoakRun run, int number) : SoakFlow(run, "abort", number)
{
    protected override async Task StepAsync()
    {
        long id = Run.NextId();
        SoakRequest request = SoakRequest.Get(id, SoakContent.Length(Random, SoakContent.LengthMax), Random.Next(2) == 0 ? "l" : "c");
        string head = request.Head();
        using Wire wire = await Wire.ConnectAsync(Run.Port);
        try
        {
            switch (Random.Next(9))
            {
                case 0:
                    Count("reset before the first byte");
                    break;
                case 1:
                    Count("reset in a request head");
                    await wire.SendAsync(head[..Random.Next(1, head.Length)]);
                    break;
                case 2:
                    Count("end of sending in a request head");
                    await wire.SendAsync(head[..Random.Next(1, head.Length)]);
                    await EndAsync(wire);
                    return;
                case 3:
                    Count("reset right after a request");
                    await wire.SendAsync(head);
                    break;
                case 4:
                    Count("reset in an answer");
                    await wire.SendAsync(head);
                    await wire.ReadHeadAsync();
                    break;
                case 5:
                    Count("reset in an upload");
                    await wire.SendAsync(Upload(id));
                    break;
                case 6:
                    Count("end of sending in an upload");
                    await wire.SendAsync(Upload(id));
                    await EndAsync(wire);
                    return;
                case 7:
                    Count("reset in a WebSocket frame");
                    await WebSocketAsync(wire, id);
                    break;
                default:
                    // Nothing of the request is missing: its answer is owed.
                    Count("end of sending right after a request");
                    await wire.SendAsync(head);
                    wire.Socket.Shutdown(System.Net.Sockets.SocketShutdown.Send);
                    await Run.Tally.JudgeAsync("half-closed", request, await AnswerEnd.ReadAsync(wire, request));
                    return;
            }
        }
        catch (ConnectionClosedException)
        {
            // A node died first.
        }

        wire.Reset();
    }

    private void Count(string how) => Run.Tally.Add("client aborts: " + how);

    private static async Task EndAsync(Wire wire)
    {
        wire.Socket.Shutdown(System.Net.Sockets.SocketShutdown.Send);
        await wire.DrainAsync();
    }

    // The head and a part of the body that it announces.
    private string Upload(long id)
    {
        int length = Random.Next(2, 256 * 1024);
        string part = System.Text.Encoding.Latin1.GetString(SoakContent.Of(id, Random.Next(0, length)).Span);
        return $"POST /echo/{id}/{length}/{(Random.Next(2) == 0 ? "early" : "whole")} HTTP/1.1\r\nHost: soak.test\r\nContent-Length: {length}\r\n\r\n{part}";
    }

    private async Task WebSocketAsync(Wire wire, long id)
    {
        await wire.SendAsync(
            $"GET /ws/{id} HTTP/1.1\r\nHost: soak.test\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n");
        await wire.ReadHeadAsync();
        byte[] frame = new byte[Random.Next(1, 6)];
        "\x82\xfe\x10\x00\x01\x02"u8[..frame.Length].CopyTo(frame);
        await wire.SendAsync(frame);
    }
}
