using System.Text.Json;
using Headgate.Core.Config.Expressions;

namespace Headgate.Core.Tests.Config.Expressions;

public sealed class VarsExpressionTests
{
    [Theory]
    [InlineData("==", VarsOperator.Equal, "'x'")]
    [InlineData("~=", VarsOperator.NotEqual, "'x'")]
    [InlineData(">", VarsOperator.Greater, "1")]
    [InlineData(">=", VarsOperator.GreaterOrEqual, "'1.5'")]
    [InlineData("<", VarsOperator.Less, "-1")]
    [InlineData("<=", VarsOperator.LessOrEqual, "1e3")]
    [InlineData("~~", VarsOperator.Matches, "'^a'")]
    [InlineData("~*", VarsOperator.Matches, "'^a'")]
    [InlineData("in", VarsOperator.In, "['a',1,true]")]
    [InlineData("IN", VarsOperator.In, "[]")]
    [InlineData("has", VarsOperator.Has, "'a'")]
    [InlineData("HAS", VarsOperator.Has, "'a'")]
    [InlineData("ipmatch", VarsOperator.IpMatch, "['10.0.0.0/8','::1']")]
    public void Parse_EveryOperator_PlainAndNegated(string name, VarsOperator expected, string operand)
    {
        VarsComparison plain = Comparison($"[['arg_a','{name}',{operand}]]");
        (plain.Variable, plain.Operator, plain.Negated).ShouldBe(("arg_a", expected, false));
        Comparison($"[['arg_a','!','{name}',{operand}]]").ShouldBe(plain with { Negated = true });
    }

    [Fact]
    public void Parse_Operands_AreTyped()
    {
        Comparison("[['a','==',null]]").Operand.ShouldBe(new VarsNull());
        Comparison("[['a','==',5]]").Operand.ShouldBe(new VarsNumber(5));
        Comparison("[['a','==',true]]").Operand.ShouldBe(new VarsBoolean(true));
        Comparison("[['a','>','1.5']]").Operand.ShouldBe(new VarsNumber(1.5));
        Comparison("[['a','>',' 0x1F ']]").Operand.ShouldBe(new VarsNumber(31));
        Comparison("[['a','in',['x',1]]]").Operand.ShouldBe(new VarsList([new VarsText("x"), new VarsNumber(1)]));
        VarsPattern pattern = Comparison("[['a','~*','^b']]").Operand.ShouldBeOfType<VarsPattern>();
        (pattern.Pattern, pattern.IgnoreCase, pattern.IsMatch("BC")).ShouldBe(("^b", true, true));
        Comparison("[['a','ipmatch','10.0.0.0/8']]").Operand.ShouldBeOfType<VarsAddresses>().Ranges.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData("[['arg_a','x']]", "[['arg_a','==','x']]")]
    [InlineData("[['arg_a','==']]", "[['arg_a','==',null]]")]
    [InlineData("['and',['a','==','x'],['b','==','x']]", "[['a','==','x'],['b','==','x']]")]
    [InlineData("{}", "[]")]
    public void Parse_ShortForm_IsTheLongOne(string text, string same) => Valid(text).ShouldBe(Valid(same));

    [Theory]
    [InlineData("AND", VarsLogic.And, false)]
    [InlineData("OR", VarsLogic.Or, false)]
    [InlineData("!AND", VarsLogic.And, true)]
    [InlineData("!OR", VarsLogic.Or, true)]
    public void Parse_Groups_Nest(string name, VarsLogic logic, bool negated)
    {
        VarsGroup group = Valid($"['{name}',['a','==','1'],['OR',['b','==','1'],['c','==','1']]]").ShouldBeOfType<VarsGroup>();
        (group.Logic, group.Negated, group.Terms.Count).ShouldBe((logic, negated, 2));
        group.Terms[1].ShouldBeOfType<VarsGroup>().Logic.ShouldBe(VarsLogic.Or);
    }

    [Theory]
    [InlineData("['arg_a','==','1']", "rule should be wrapped inside brackets (given ['arg_a','==','1']; write [['arg_a','==','1']])")]
    [InlineData("[1]", "rule should be wrapped inside brackets (given [1]; write [[1]])")]
    [InlineData("'x'", "rule should be wrapped inside brackets (given 'x')")]
    [InlineData("[[]]", "rule too short (given [])")]
    [InlineData("['OR',['a','==','1']]", "rule too short (given ['OR',['a','==','1']]; OR needs at least two conditions after it)")]
    [InlineData("[['a']]", "invalid expression (given ['a']; write [variable, operator, value])")]
    [InlineData("[['a','==','1'],'b']", "invalid expression (given 'b'; a condition is a list such as ['arg_name', '==', 'x'])")]
    [InlineData("[[1,'==','1']]", "invalid expression (given [1,'==','1']; the first item names a variable)")]
    [InlineData("[['','==','1']]", "invalid expression (given ['','==','1']; the first item names a variable)")]
    [InlineData("[['a','==','1','2','3']]", "invalid expression (given ['a','==','1','2','3']; write [variable, operator, value])")]
    [InlineData("[['a','not','==','1']]", "bad 'not' expression (given ['a','not','==','1']; write [variable, '!', operator, value])")]
    [InlineData("[['a','LIKE','1']]", "invalid operator 'like' (given ['a','LIKE','1']; allowed: ==, ~=, >, >=, <, <=, ~~, ~*, in, has, ipmatch)")]
    [InlineData("[['a',1,'1']]", "invalid operator '1' (given ['a',1,'1']; allowed: ==, ~=, >, >=, <, <=, ~~, ~*, in, has, ipmatch)")]
    [InlineData("[['a','==',['1']]]", "== compares with a text, a number, a boolean or null (given ['a','==',['1']])")]
    [InlineData("[['a','>','x']]", "> compares with a number (given ['a','>','x'])")]
    [InlineData("[['a','in','x']]", "in compares with a list of texts, numbers or booleans (given ['a','in','x'])")]
    [InlineData("[['a','in',[['x']]]]", "in compares with a list of texts, numbers or booleans (given ['a','in',[['x']]])")]
    [InlineData("[['a','has',[]]]", "has compares with a text, a number or a boolean (given ['a','has',[]])")]
    [InlineData("[['a','~~',1]]", "~~ compares with a regular expression, written as a text (given ['a','~~',1])")]
    [InlineData("[['a','~~','(']]", "invalid regular expression: Invalid pattern '(' at offset 1. Not enough )'s (given ['a','~~','('])")]
    [InlineData("[['a','ipmatch','']]", "invalid ip address (given ['a','ipmatch',''])")]
    [InlineData("[['a','ipmatch',[]]]", "invalid ip address (given ['a','ipmatch',[]])")]
    [InlineData("[['a','ipmatch',['10.0.0.300']]]", "invalid ip address: 10.0.0.300 (given ['a','ipmatch',['10.0.0.300']])")]
    [InlineData("[['AND',['a','==','1'],['b','~','1']]]", "invalid operator '~' (given ['b','~','1']; allowed: ==, ~=, >, >=, <, <=, ~~, ~*, in, has, ipmatch)")]
    public void Parse_Wrong_SaysWhat(string text, string expected)
    {
        VarsExpression.Parse(Json(text), out string? error).ShouldBeNull();
        error.ShouldNotBeNull().Replace('"', '\'').ShouldBe(expected);
    }

    [Theory]
    [InlineData("^(a+)+$", true)]
    [InlineData("^(?=a)(a+)+$", false)]
    public void IsMatch_TextThatBacktracksForEver_EndsAndChangesOverIfItCan(string pattern, bool linear)
    {
        VarsPattern compiled = VarsPattern.Create(pattern, ignoreCase: false, out string? error).ShouldNotBeNull();
        error.ShouldBeNull();
        compiled.RunsInLinearTimeForTest.ShouldBeFalse();
        compiled.IsMatch(new string('a', 100) + "!").ShouldBeFalse();
        compiled.IsMatch("aaa").ShouldBeTrue();
        compiled.RunsInLinearTimeForTest.ShouldBe(linear);
    }

    private static VarsExpression Valid(string text)
    {
        VarsExpression? parsed = VarsExpression.Parse(Json(text), out string? error);
        error.ShouldBeNull();
        return parsed.ShouldNotBeNull();
    }

    private static VarsComparison Comparison(string text) =>
        Valid(text).ShouldBeOfType<VarsGroup>().Terms.ShouldHaveSingleItem().ShouldBeOfType<VarsComparison>();

    private static JsonElement Json(string text) => JsonDocument.Parse(text.Replace('\'', '"')).RootElement;
}
