using System.Text;
using Headgate.Core.Routing;
using Headgate.Core.Routing.Conditions;
using Headgate.Testing;
using static Headgate.Core.Tests.Routing.RouteMaking;

namespace Headgate.Core.Tests.Routing;

public class ConditionTests
{
    /// <summary>The request has v=10, empty=, flag (no value), text=abc; header X-Num: 0x10; nothing called none.</summary>
    [Theory]
    [InlineData("[[\"arg_v\",\"==\",\"10\"]]", true)]
    [InlineData("[[\"arg_v\",\"10\"]]", true)]
    [InlineData("[[\"arg_v\",\"==\",10]]", true)]
    [InlineData("[[\"arg_v\",\"==\",10.0]]", true)]
    [InlineData("[[\"arg_v\",\"==\",\"10.0\"]]", false)]
    [InlineData("[[\"arg_v\",\"==\",11]]", false)]
    [InlineData("[[\"arg_v\",\"==\",null]]", false)]
    [InlineData("[[\"arg_v\",\"==\",true]]", false)]
    [InlineData("[[\"arg_v\",\"~=\",\"10\"]]", false)]
    [InlineData("[[\"arg_v\",\"~=\",10]]", false)]
    [InlineData("[[\"arg_v\",\"~=\",9]]", true)]
    [InlineData("[[\"arg_v\",\"~=\",null]]", true)]
    [InlineData("[[\"arg_v\",\"!\",\"==\",\"10\"]]", false)]
    [InlineData("[[\"arg_v\",\"!\",\"~=\",\"10\"]]", true)]
    [InlineData("[[\"arg_none\",\"==\",\"\"]]", false)]
    [InlineData("[[\"arg_none\",\"==\",0]]", false)]
    [InlineData("[[\"arg_none\",\"==\",null]]", true)]
    [InlineData("[[\"arg_none\",\"~=\",\"x\"]]", true)]
    [InlineData("[[\"arg_none\",\"~=\",1]]", true)]
    [InlineData("[[\"arg_none\",\"~=\",null]]", false)]
    [InlineData("[[\"arg_none\",\"!\",\">\",1]]", true)]
    [InlineData("[[\"arg_none\",\"~~\",\".*\"]]", false)]
    [InlineData("[[\"arg_none\",\"!\",\"~~\",\".*\"]]", true)]
    [InlineData("[[\"arg_empty\",\"==\",\"\"]]", true)]
    [InlineData("[[\"arg_empty\",\"==\",0]]", false)]
    [InlineData("[[\"arg_flag\",\"==\",\"\"]]", true)]
    [InlineData("[[\"arg_v\",\">\",9]]", true)] // as numbers: as texts "10" < "9"
    [InlineData("[[\"arg_v\",\">\",\"9\"]]", true)]
    [InlineData("[[\"arg_v\",\">\",10]]", false)]
    [InlineData("[[\"arg_v\",\">=\",10]]", true)]
    [InlineData("[[\"arg_v\",\"<\",10]]", false)]
    [InlineData("[[\"arg_v\",\"<=\",10]]", true)]
    [InlineData("[[\"arg_v\",\"<\",10.5]]", true)]
    [InlineData("[[\"arg_text\",\"<\",10]]", false)]
    [InlineData("[[\"arg_text\",\"!\",\"<\",10]]", true)]
    [InlineData("[[\"http_x_num\",\"==\",16]]", true)]
    [InlineData("[[\"arg_text\",\"~~\",\"b\"]]", true)]
    [InlineData("[[\"arg_text\",\"~~\",\"^b\"]]", false)]
    [InlineData("[[\"arg_text\",\"~~\",\"B\"]]", false)]
    [InlineData("[[\"arg_text\",\"~*\",\"B\"]]", true)]
    [InlineData("[[\"arg_text\",\"~~\",\"^(?=a)\"]]", true)] // look-ahead: the backtracking kind
    [InlineData("[[\"arg_v\",\"in\",[\"9\",\"10\"]]]", true)]
    [InlineData("[[\"arg_v\",\"IN\",[\"9\"]]]", false)]
    [InlineData("[[\"arg_v\",\"in\",[10]]]", false)] // lua-resty-expr: a text is in no list of numbers
    [InlineData("[[\"arg_none\",\"in\",[\"\"]]]", false)]
    [InlineData("[[\"arg_none\",\"!\",\"in\",[\"\"]]]", true)]
    [InlineData("[[\"arg_v\",\"has\",\"10\"]]", false)]
    [InlineData("[[\"arg_v\",\"!\",\"has\",\"10\"]]", true)]
    [InlineData("[[\"remote_addr\",\"ipmatch\",[\"10.0.0.0/8\",\"192.0.2.0/24\"]]]", true)]
    [InlineData("[[\"remote_addr\",\"ipmatch\",\"10.0.0.0/8\"]]", false)]
    [InlineData("[[\"http_x_ip\",\"ipmatch\",[\"2001:db8::/32\"]]]", true)]
    [InlineData("[[\"remote_addr\",\"ipmatch\",[\"::/0\"]]]", false)]
    [InlineData("[[\"http_x_ip\",\"ipmatch\",[\"::/0\"]]]", true)]
    [InlineData("[[\"http_x_ip\",\"ipmatch\",[\"0.0.0.0/0\"]]]", false)]
    [InlineData("[[\"arg_text\",\"ipmatch\",[\"0.0.0.0/0\"]]]", false)]
    [InlineData("[[\"arg_v\",\"==\",\"10\"],[\"arg_text\",\"==\",\"abc\"]]", true)]
    [InlineData("[[\"arg_v\",\"==\",\"10\"],[\"arg_text\",\"==\",\"x\"]]", false)]
    [InlineData("[\"AND\",[\"arg_v\",\"==\",\"10\"],[\"arg_text\",\"==\",\"x\"]]", false)]
    [InlineData("[\"OR\",[\"arg_v\",\"==\",\"10\"],[\"arg_text\",\"==\",\"x\"]]", true)]
    [InlineData("[\"!OR\",[\"arg_v\",\"==\",\"10\"],[\"arg_text\",\"==\",\"x\"]]", false)]
    [InlineData("[\"!AND\",[\"arg_v\",\"==\",\"10\"],[\"arg_text\",\"==\",\"x\"]]", true)]
    [InlineData("[\"!AND\",[\"arg_v\",\"==\",\"10\"],[\"OR\",[\"arg_v\",\"==\",\"1\"],[\"arg_text\",\"!\",\"==\",\"x\"]]]", false)]
    [InlineData("[]", true)]
    [InlineData("[[\"consumer_name\",\"==\",\"jack\"]]", false)]
    [InlineData("[[\"post_arg_x\",\"~=\",\"1\"]]", true)]
    [InlineData("[[\"server_port\",\"==\",9080],[\"remote_port\",\">\",1024],[\"scheme\",\"==\",\"http\"]]", true)]
    public void Holds_Operator_AsLuaRestyExpr(string vars, bool holds)
    {
        var request = new TestRequest("a.test", "/p", "v=10&empty=&flag&text=abc&v=11").With("X-Num", "0x10").With("X-Ip", "2001:db8::9");
        var context = new MatchContext(request);
        ConditionCompiler.Compile(Vars(vars)).Holds(ref context).ShouldBe(holds);
    }

    [Theory]
    [InlineData("^(a+)+$", "aaaa", true)] // can run in linear time
    [InlineData("^(a|aa)+$|b", "!b", true)]
    [InlineData("^(?=a)(a+)+$", "!", false)] // cannot: the timeout answers
    public void Holds_PatternThatBacktracksForEver_StillEnds(string pattern, string end, bool holds)
    {
        var context = new MatchContext(new TestRequest("h", "/", "v=" + new string('a', 60) + end));
        Condition condition = ConditionCompiler.Compile(Vars($"[[\"arg_v\",\"~~\",\"{pattern}\"]]"));
        var hostile = new MatchContext(new TestRequest("h", "/", "v=" + new string('a', 60) + "!"));
        condition.Holds(ref hostile).ShouldBeFalse();
        condition.Holds(ref context).ShouldBe(holds);
        condition.Holds(ref hostile).ShouldBeFalse();
    }

    [Theory]
    [InlineData("10", 10.0)]
    [InlineData(" 10\t", 10.0)]
    [InlineData("-1.5", -1.5)]
    [InlineData("+2", 2.0)]
    [InlineData(".5", 0.5)]
    [InlineData("5.", 5.0)]
    [InlineData("1e3", 1000.0)]
    [InlineData("1E-1", 0.1)]
    [InlineData("0x1F", 31.0)]
    [InlineData("-0X10", -16.0)]
    [InlineData("010", 10.0)]
    [InlineData("", null)]
    [InlineData(" ", null)]
    [InlineData("-", null)]
    [InlineData("--1", null)]
    [InlineData("1a", null)]
    [InlineData("1 2", null)]
    [InlineData("1,000", null)]
    [InlineData("0x", null)]
    [InlineData("Infinity", null)]
    [InlineData("NaN", null)]
    [InlineData("\u0661", null)]
    public void TryParse_LuaNumber_ReadsWhatToNumberReads(string text, double? expected)
    {
        LuaNumber.TryParse(Encoding.UTF8.GetBytes(text), out double number).ShouldBe(expected is not null);
        number.ShouldBe(expected ?? 0);
    }

    [Fact]
    public void UnsupportedVariables_ExpressionNamesUnknownOnes_ListedOnce()
    {
        RouteSnapshot route = Route("1", "/", vars: "[\"OR\",[\"arg_x\",\"1\"],[\"consumer_name\",\"a\"],[[\"post_arg.a\",\"1\"],[\"consumer_name\",\"b\"]]]");
        VariableNames.Unsupported(route.Config.Vars).ShouldBe(["consumer_name", "post_arg.a"]);
        VariableNames.Unsupported(null).ShouldBeEmpty();
    }
}
