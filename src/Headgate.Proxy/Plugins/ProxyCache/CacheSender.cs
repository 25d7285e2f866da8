using System.Runtime.CompilerServices;
using Headgate.Proxy.Http1;
using Headgate.Proxy.Plugins.Bodies;
using Headgate.Proxy.Transport;

namespace Headgate.Proxy.Plugins.ProxyCache;

/// <summary>Answers requests with what is kept, as if a node had sent it: what other plugins change of answers they change of these too.</summary>
internal static class CacheSender
{
    private const int PieceBytes = 65_536;

    /// <summary>Answers; <paramref name="isNotModified"/>: with 304, because the client has it already.</summary>
    public static ValueTask<PluginVerdict> AnswerAsync(PluginContext context, CachedAnswer answer, bool isNotModified)
    {
        Exchange exchange = context.Exchange;
        ResponseHead head = context.OwnHead;
        head.CopyFrom(answer.Head);
        bool takesBody = HasBody(head.Status) && !isNotModified;
        bool sendsBody = takesBody && exchange.Request.MethodKind != HttpMethod.Head;
        (head.Framing, head.ContentLength) = (sendsBody ? BodyFraming.Length : BodyFraming.None, takesBody ? answer.Body.Length : -1);
        if (isNotModified)
            BecomeNotModified(head);
        exchange.Account?.Refuse("plugin proxy-cache answered with what it keeps");
        exchange.WriteHead(head);
        if (exchange.ChangedBody is { } changed)
            return ChangedAsync(context, changed, sendsBody ? answer.Body : default);
        if (sendsBody && answer.Body.Length > PieceBytes)
            return InPiecesAsync(exchange, answer.Body);
        if (sendsBody)
            exchange.WriteBody(answer.Body);
        exchange.EndBody();
        return new(PluginVerdict.Answered);
    }

    /// <summary>Whether an answer of that status has a body.</summary>
    public static bool HasBody(int status) => status is not (204 or 304);

    private static void BecomeNotModified(ResponseHead head)
    {
        (head.Status, head.ReasonLength) = (304, 0);
        ReadOnlySpan<byte> phrase = GatewayBodies.Phrase(304);
        head.ReasonStart = head.Append(phrase, default);
        head.ReasonLength = phrase.Length;
        foreach (ref HeaderField field in head.MutableFields)
        {
            if (StoredHead.IsOfBody(head.Name(field)))
                field.Known = KnownHeader.Edited;
        }
    }

    [AsyncMethodBuilder(typeof(PooledAsyncMethodBuilder<>))]
    private static async ValueTask<PluginVerdict> InPiecesAsync(Exchange exchange, ReadOnlyMemory<byte> left)
    {
        for (; left.Length > PieceBytes; left = left[PieceBytes..])
        {
            exchange.WriteBody(left.Span[..PieceBytes]);
            if (!await exchange.FlushAsync())
                return PluginVerdict.Answered;
        }

        exchange.WriteBody(left.Span);
        exchange.EndBody();
        return PluginVerdict.Answered;
    }

    /// <summary>Through what other plugins make of the body, as the client takes it.</summary>
    [AsyncMethodBuilder(typeof(PooledAsyncMethodBuilder<>))]
    private static async ValueTask<PluginVerdict> ChangedAsync(PluginContext context, ResponseBody body, ReadOnlyMemory<byte> left)
    {
        Exchange exchange = context.Exchange;
        while (!left.IsEmpty && body.NeedsMore)
        {
            ReadOnlyMemory<byte> piece = left[..Math.Min(left.Length, PieceBytes)];
            left = left[piece.Length..];
            body.Write(piece.Span);
            if (!left.IsEmpty && !await exchange.FlushAsync())
                return PluginVerdict.Answered;
        }

        while (!body.End())
        {
            if (!await exchange.FlushAsync())
                return PluginVerdict.Answered;
        }

        if (body.Failure is { } failure)
        {
            context.OnBodyFailure(failure);
            exchange.AbortAnswer();
            return PluginVerdict.Answered;
        }

        exchange.EndBody();
        return PluginVerdict.Answered;
    }
}
