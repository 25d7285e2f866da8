using System.Text.Json;
using Headgate.Control.AdminApi;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Headgate.Control.Line;

/// <summary>Answers what control planes ask this instance: which requests of the API it answers, and by whom.</summary>
internal sealed class InstanceQuestions(ILogger log)
{
    private readonly List<(string[] Pattern, Func<AdminRequest, ValueTask<AdminResponse>> Answer)> _areas = [];

    /// <summary>What begins with <paramref name="pattern"/> below <c>/api</c> is answered by <paramref name="answer"/>; <c>*</c> stands for any one part. The first that fits counts.</summary>
    public void Add(string pattern, Func<AdminRequest, ValueTask<AdminResponse>> answer) => _areas.Add((pattern.Split('/'), answer));

    /// <summary>Answers a question. Never throws but for cancellation. Leaves the caller's thread.</summary>
    public async ValueTask<InstanceAnswer> AnswerAsync(InstanceQuestion question, CancellationToken cancellationToken)
    {
        await LeaveIoThread.Now;
        try
        {
            var asked = AdminRequest.FromControlPlane(question, cancellationToken);
            AdminResponse answer = _areas.Find(area => Fits(area.Pattern, asked.Segments)).Answer is { } area
                ? await area(asked) : AdminResponse.Error(StatusCodes.Status501NotImplemented, $"this instance does not answer {question.Method} {asked.Segments[0]}; is it older than its control plane?");
            return Of(answer);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            LineLog.QuestionFailed(log, question.Method, question.Path, e);
            return Of(AdminResponse.Error(StatusCodes.Status500InternalServerError, "internal error; the log of the instance says more"));
        }
    }

    private static InstanceAnswer Of(AdminResponse answer) => new(answer.Status, JsonElement.Parse(answer.Body.Span), answer.Revision);

    private static bool Fits(string[] pattern, string[] path)
    {
        if (path.Length < pattern.Length)
            return false;
        for (int i = 0; i < pattern.Length; i++)
        {
            if (pattern[i] != "*" && pattern[i] != path[i])
                return false;
        }

        return true;
    }
}
