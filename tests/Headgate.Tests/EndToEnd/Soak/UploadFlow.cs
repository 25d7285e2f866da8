namespace Headgate.Tests.EndToEnd.Soak;

/// <summary>PUTs and POSTs whose body comes back: with a length or chunked, in one piece or many, after 100 (Continue), answered early or late.</summary>
internal sealed class UploadFlow(SoakRun run, int number) : WireFlow(run, "upload", number)
{
    private const int LengthMax = 1 << 20;

    /// <summary>A body of that length comes to the gateway together with its head.</summary>
    private const int OnePieceMax = 8 * 1024;

    protected override async Task StepAsync()
    {
        long id = Run.NextId();
        int length = SoakContent.Length(Random, LengthMax);
        bool expects = Random.Next(5) == 0;
        bool chunked = Random.Next(2) == 0;
        bool onePiece = !expects && !chunked && length <= OnePieceMax;
        string method = Random.Next(2) == 0 ? "PUT" : "POST";
        var request = new SoakRequest(
            id, method, $"/echo/{id}/{length}/{(Random.Next(3) == 0 ? "early" : "whole")}", SoakContent.Of(id, length), MayRepeat: method == "PUT" && onePiece);
        string head = request.Head((chunked ? "Transfer-Encoding: chunked\r\n" : $"Content-Length: {length}\r\n") + (expects ? "Expect: 100-continue\r\n" : ""));
        int chunk = Random.Next(1, 64 * 1024) + (length / 100);

        Wire wire = await ConnectedAsync();
        Task sending = Task.CompletedTask;
        if (expects)
        {
            await SendAsync(() => wire.SendAsync(head));
        }
        else
        {
            // Beside the reading: an early answer has to be taken, or nobody gets any further.
            sending = SendAsync(async () =>
            {
                if (onePiece)
                {
                    await wire.SendAsync((byte[])[.. System.Text.Encoding.ASCII.GetBytes(head), .. request.Expected.Span]);
                    return;
                }

                await wire.SendAsync(head);
                await SendBodyAsync(wire, request, chunked, chunk);
            });
        }

        bool continues = false;
        bool goesOn = await ReadAsync(request, () =>
        {
            if (!continues)
                sending = SendAsync(() => SendBodyAsync(wire, request, chunked, chunk));
            continues = true;
            return Task.CompletedTask;
        });

        // A refused upload that has not begun leaves the connection as it is; one under way is at an end.
        await sending;
        if (goesOn && expects && !continues)
            Drop();
    }

    private static Task SendBodyAsync(Wire wire, SoakRequest request, bool chunked, int chunk) =>
        chunked ? wire.SendChunkedAsync(request.Expected, chunk) : wire.SendAsync(request.Expected);

    // What became of it shows in the answer.
    private static async Task SendAsync(Func<Task> send)
    {
        try
        {
            await send();
        }
        catch (ConnectionClosedException)
        {
            // The gateway has ended the connection.
        }
    }
}
