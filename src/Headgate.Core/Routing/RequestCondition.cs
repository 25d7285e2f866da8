using Headgate.Core.Config.Expressions;
using Headgate.Core.Primitives;
using Headgate.Core.Routing.Conditions;

namespace Headgate.Core.Routing;

/// <summary>A condition over a request's variables, compiled: <c>vars</c> anywhere but in routes, whose are part of the match. Immutable, thread-safe.</summary>
public sealed class RequestCondition
{
    private readonly Condition _condition;

    private RequestCondition(Condition condition) => _condition = condition;

    /// <summary>Compiles <paramref name="expression"/>.</summary>
    public static RequestCondition Compile(VarsExpression expression) => new(ConditionCompiler.Compile(expression));

    /// <summary>Whether it holds for a request. Never blocks, never allocates in the long run.</summary>
    public bool Holds(IRequestView request)
    {
        var context = new MatchContext(request);
        return _condition.Holds(ref context);
    }
}
